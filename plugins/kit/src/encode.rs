//! Makes a plugin of what a compiler has built: a component, with its manifest in a custom section. The same input gives the
//! same bytes.

use std::borrow::Cow;

use anyhow::{Context, Result, ensure};
use omnichat_wit::{MANIFEST_SECTION, PACKAGE, Package, World};
use wasm_encoder::{ComponentSection, CustomSection};
use wit_component::{ComponentEncoder, DecodedWasm};

use crate::manifest::Manifest;
use crate::names;

/// The plugin's bytes, from a core module that was built with the SDK and the text of its manifest.
///
/// # Errors
/// A sentence that says what is wrong with the manifest or the module, or that they do not belong together.
pub fn encode(module: &[u8], manifest: &str) -> Result<Vec<u8>> {
    let described = Manifest::read(manifest)?;
    let module = names::shortened(module).context("this is no WebAssembly module")?;
    let mut encoder = ComponentEncoder::default();
    let component = encoder
        .validate(true)
        .module(&module)
        .context("the module was not built with the SDK")?
        .encode()
        .context("the module cannot be made a component; does it call one of the export macros?")?;
    with_manifest(component, manifest, &described)
}

/// The plugin's bytes, from a component as other languages' tools build it and the text of its manifest.
///
/// # Errors
/// A sentence that says what is wrong with the manifest or the component, or that they do not belong together.
pub fn adopt(component: Vec<u8>, manifest: &str) -> Result<Vec<u8>> {
    with_manifest(component, manifest, &Manifest::read(manifest)?)
}

fn with_manifest(mut component: Vec<u8>, manifest: &str, described: &Manifest) -> Result<Vec<u8>> {
    exports(&component, described.world, described.package)?;
    let section = CustomSection {
        name: Cow::Borrowed(MANIFEST_SECTION),
        data: Cow::Borrowed(manifest.as_bytes()),
    };
    section.append_to_component(&mut component);
    Ok(component)
}

fn exports(component: &[u8], world: World, package: Package) -> Result<()> {
    let decoded = wit_component::decode(component).context("what was built is no component")?;
    let DecodedWasm::Component(resolve, id) = decoded else {
        anyhow::bail!("what was built is no component");
    };
    let wanted = package.interface(world.exports);
    let exported: Vec<String> = resolve.worlds[id]
        .exports
        .keys()
        .map(|key| resolve.name_world_key(key))
        .collect();
    // Tools of other languages export a thing or two of their own.
    let ours = exported.iter().filter(|name| name.starts_with(PACKAGE));
    ensure!(
        ours.eq([&wanted]),
        "a plugin of kind {} exports {wanted}; this one exports {}",
        world.kind,
        exported.join(", ")
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const MANIFEST: &str = "id='sample'\nversion='0.1.0'\nkind='scenario'\nwit='0.1.0'\ntitle='Sample'\n";

    /// A module that has the shape of a world and traps on every call.
    fn module(world: &str) -> Vec<u8> {
        let mut resolve = wit_parser::Resolve::default();
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../wit/v0.1");
        let (package, _) = resolve.push_path(folder).unwrap();
        let world = resolve.select_world(&[package], Some(world)).unwrap();
        let mangling = wit_parser::ManglingAndAbi::Standard32;
        let mut module = wit_component::dummy_module(&resolve, world, mangling);
        let encoding = wit_component::StringEncoding::UTF8;
        wit_component::embed_component_metadata(&mut module, &resolve, world, encoding, false).unwrap();
        module
    }

    #[test]
    fn a_module_becomes_a_component_that_carries_its_manifest() {
        let module = module("scenario-plugin");
        let plugin = encode(&module, MANIFEST).unwrap();
        assert_eq!(plugin, encode(&module, MANIFEST).unwrap(), "the same every time");
        assert!(plugin.ends_with(MANIFEST.as_bytes()));
        wit_component::decode(&plugin).unwrap();
    }

    #[test]
    fn a_component_of_another_language_gets_its_manifest() {
        let module = module("scenario-plugin");
        let plugin = encode(&module, MANIFEST).unwrap();
        let bare = ComponentEncoder::default()
            .module(&module)
            .unwrap()
            .encode()
            .unwrap();
        assert!(
            adopt(bare.clone(), MANIFEST)
                .unwrap()
                .ends_with(MANIFEST.as_bytes())
        );
        assert!(adopt(bare, &MANIFEST.replace("scenario", "tool")).is_err());
        assert!(adopt(plugin[..100].to_vec(), MANIFEST).is_err());
    }

    #[test]
    fn a_module_of_another_kind_is_refused() {
        let error = encode(&module("tool-plugin"), MANIFEST).unwrap_err().to_string();
        assert!(
            error.contains("exports omnichat:plugin/scenario@0.1.0; this one exports"),
            "{error}"
        );
    }

    #[test]
    fn what_is_no_module_is_refused() {
        assert!(encode(b"nothing", MANIFEST).is_err());
        let empty = b"\0asm\x01\0\0\0";
        assert!(encode(empty, MANIFEST).is_err());
    }
}
