//! How a file is called.

use crate::limits::FILE_NAME;

/// Longest ending that is kept when a name is cut, in characters.
const ENDING: usize = 16;

/// A name as it is kept: without a path, without what is not seen or turns the reading around (`exe.png` that is shown for what ends
/// on `.exe`), of at most 255 characters with its ending. Never empty.
pub(crate) fn file_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let seen: String = last.chars().filter(|c| !is_unseen(*c)).collect();
    let name = seen.trim().trim_matches('.').trim();
    if name.is_empty() {
        return "file".to_owned();
    }
    let Some(over) = name.chars().count().checked_sub(FILE_NAME + 1) else {
        return name.to_owned();
    };
    let ending = match name.rsplit_once('.') {
        Some((_, ending)) if (1..=ENDING).contains(&ending.chars().count()) => {
            &name[name.len() - ending.len() - 1..]
        }
        _ => "",
    };
    let stem = &name[..name.len() - ending.len()];
    let kept = stem.chars().count() - over - 1;
    stem.chars().take(kept).chain(ending.chars()).collect()
}

/// Control characters, marks of direction, and what has no width.
fn is_unseen(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_only_a_name() {
        assert_eq!(file_name("../../etc/passwd"), "passwd");
        assert_eq!(file_name("C:\\photos\\a b.png"), "a b.png");
        assert_eq!(file_name("\u{0}\n.."), "file");
        assert_eq!(file_name("акт.pdf"), "акт.pdf");
    }

    #[test]
    fn a_name_is_read_as_it_ends() {
        assert_eq!(file_name("photo\u{202e}gnp.exe"), "photognp.exe");
        assert_eq!(file_name("\u{feff}a\u{2066}b\u{2069}.txt"), "ab.txt");
    }

    #[test]
    fn a_long_name_keeps_its_ending() {
        let longest = format!("{}.pdf", "ж".repeat(FILE_NAME - 4));
        assert_eq!(file_name(&longest), longest);
        assert_eq!(file_name(&format!("ж{longest}")), longest);
        let without = "ж".repeat(FILE_NAME);
        assert_eq!(file_name(&format!("{without}ж")), without);
        let no_ending = format!("a.{}", "b".repeat(400));
        assert_eq!(file_name(&no_ending), no_ending[..FILE_NAME]);
    }
}
