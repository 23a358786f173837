//! The library with the folder that it lies in.

use std::io;
use std::ops::Deref;

use omnichat_plugin_library::Library;
use tempfile::TempDir;

/// A library: kept, or gone with the host.
#[derive(Debug)]
pub struct Shelf {
    library: Library,
    /// Removed when the last plugin is let go of.
    _folder: Option<TempDir>,
}

impl Shelf {
    /// For a host that keeps nothing.
    ///
    /// # Errors
    /// If no folder can be made.
    pub fn temporary() -> io::Result<Self> {
        let folder = tempfile::Builder::new().prefix("omnichat-plugins-").tempdir()?;
        Ok(Self {
            library: Library::new(folder.path()),
            _folder: Some(folder),
        })
    }
}

impl From<Library> for Shelf {
    fn from(library: Library) -> Self {
        Self {
            library,
            _folder: None,
        }
    }
}

impl Deref for Shelf {
    type Target = Library;

    fn deref(&self) -> &Library {
        &self.library
    }
}
