//! Reading Rust as text, well enough for the rules: what is code, and which paths it names.

/// One path that code names, from the root of its crate, and the line it is on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Named {
    pub(super) line: usize,
    pub(super) path: Vec<String>,
}

/// The text with comments, strings and whatever is only compiled for tests blanked; lines stay where they are.
pub(super) fn code(text: &str) -> String {
    without_tests(without_words(text))
}

/// Blanks comments and the insides of string and character literals.
fn without_words(text: &str) -> Vec<char> {
    let mut chars: Vec<char> = text.chars().collect();
    let mut at = 0;
    while at < chars.len() {
        let next = chars.get(at + 1).copied();
        let end = match (chars[at], next) {
            ('/', Some('/')) => end_of_line(&chars, at),
            ('/', Some('*')) => end_of_block_comment(&chars, at),
            ('"', _) => end_of_string(&chars, at),
            ('r', Some('"' | '#')) if !is_word(&chars, at.wrapping_sub(1)) => end_of_raw_string(&chars, at),
            ('b', Some('r')) if !is_word(&chars, at.wrapping_sub(1)) => end_of_raw_string(&chars, at + 1),
            ('\'', Some('\\')) => chars[at + 3..]
                .iter()
                .position(|&c| c == '\'')
                .map_or(at + 2, |more| at + 4 + more),
            ('\'', Some(_)) if chars.get(at + 2) == Some(&'\'') => at + 3,
            _ => at,
        };
        let end = end.min(chars.len());
        blank(&mut chars[at..end]);
        at = end.max(at + 1);
    }
    chars
}

fn end_of_line(chars: &[char], from: usize) -> usize {
    chars[from..]
        .iter()
        .position(|&c| c == '\n')
        .map_or(chars.len(), |more| from + more)
}

fn end_of_block_comment(chars: &[char], from: usize) -> usize {
    let mut depth = 0_usize;
    let mut at = from;
    while at + 1 < chars.len() {
        match (chars[at], chars[at + 1]) {
            ('/', '*') => (depth, at) = (depth + 1, at + 2),
            ('*', '/') => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
        if depth == 0 {
            return at;
        }
    }
    chars.len()
}

fn end_of_string(chars: &[char], from: usize) -> usize {
    let mut at = from + 1;
    while at < chars.len() {
        match chars[at] {
            '\\' => at += 2,
            '"' => return at + 1,
            _ => at += 1,
        }
    }
    chars.len()
}

/// From the `r`; the same place where this is no raw string after all (`r#type`).
fn end_of_raw_string(chars: &[char], from: usize) -> usize {
    let hashes = chars[from + 1..].iter().take_while(|&&c| c == '#').count();
    let open = from + 1 + hashes;
    if chars.get(open) != Some(&'"') {
        return from;
    }
    let closes = |at: usize| {
        chars[at] == '"' && chars[at + 1..].iter().take(hashes).filter(|&&c| c == '#').count() == hashes
    };
    (open + 1..chars.len())
        .find(|&at| closes(at))
        .map_or(chars.len(), |at| at + 1 + hashes)
}

fn blank(chars: &mut [char]) {
    for c in chars.iter_mut().filter(|c| **c != '\n') {
        *c = ' ';
    }
}

fn is_word(chars: &[char], at: usize) -> bool {
    chars.get(at).is_some_and(|c| c.is_alphanumeric() || *c == '_')
}

/// Blanks each item that stands under `#[cfg(test)]`.
fn without_tests(mut chars: Vec<char>) -> String {
    let mark: Vec<char> = "#[cfg(test)]".chars().collect();
    let mut at = 0;
    while at + mark.len() <= chars.len() {
        if chars[at..].starts_with(&mark) {
            let end = end_of_item(&chars, at + mark.len());
            blank(&mut chars[at..end]);
            at = end;
        } else {
            at += 1;
        }
    }
    chars.into_iter().collect()
}

/// Where the item ends: at its `;`, or at the brace that closes its first one.
fn end_of_item(chars: &[char], from: usize) -> usize {
    let mut depth = 0_usize;
    for (at, c) in chars.iter().enumerate().skip(from) {
        match c {
            ';' if depth == 0 => return at + 1,
            '{' => depth += 1,
            '}' if depth <= 1 => return at + 1,
            '}' => depth -= 1,
            _ => {}
        }
    }
    chars.len()
}

/// Every path that starts with `crate::`, `self::` or `super::`, with groups spread out; `module` is the place of the
/// file in its crate (`["messages", "model"]`). A glob ends in `*`.
pub(super) fn named(code: &str, module: &[String]) -> Vec<Named> {
    let mut found = Vec::new();
    for (index, line_start) in starts(code) {
        let before = code[..index].chars().next_back();
        if before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == '$' || c == ':') {
            continue;
        }
        let mut paths = Vec::new();
        let rest: Vec<char> = code[index..].chars().collect();
        read_tree(&rest, 0, &[], &mut paths);
        found.extend(paths.into_iter().filter_map(|path| {
            Some(Named {
                line: line_start,
                path: absolute(path, module)?,
            })
        }));
    }
    found
}

/// The paths that the file's `pub use` lines take from its own submodules.
pub(super) fn reexported(code: &str) -> Vec<Vec<String>> {
    let mut paths = Vec::new();
    for (index, _) in code.match_indices("pub use ") {
        let rest: Vec<char> = code[index + "pub use ".len()..].chars().collect();
        let mut these = Vec::new();
        read_tree(&rest, 0, &[], &mut these);
        paths.extend(
            these
                .into_iter()
                .map(|path| match path.first().map(String::as_str) {
                    Some("self") => path[1..].to_vec(),
                    _ => path,
                }),
        );
    }
    paths
}

fn starts(code: &str) -> impl Iterator<Item = (usize, usize)> {
    let mut starts: Vec<usize> = ["crate::", "self::", "super::"]
        .iter()
        .flat_map(|word| code.match_indices(word))
        .map(|(index, _)| index)
        .collect();
    starts.sort_unstable();
    starts
        .into_iter()
        .map(move |index| (index, code[..index].matches('\n').count() + 1))
}

/// Reads `a::b`, `a::{b, c::d}`, `a::*`, `a as b`; where it stopped.
fn read_tree(chars: &[char], from: usize, prefix: &[String], found: &mut Vec<Vec<String>>) -> usize {
    let mut path = prefix.to_vec();
    let mut at = skip_space(chars, from);
    loop {
        match chars.get(at) {
            Some('*') => {
                path.push("*".to_owned());
                at += 1;
                break;
            }
            Some('{') => return read_group(chars, at + 1, &path, found),
            _ => {
                let length = chars[at.min(chars.len())..]
                    .iter()
                    .take_while(|c| c.is_alphanumeric() || **c == '_')
                    .count();
                if length == 0 {
                    break;
                }
                path.push(chars[at..at + length].iter().collect());
                at += length;
            }
        }
        let colons = skip_space(chars, at);
        if chars.get(colons) != Some(&':') || chars.get(colons + 1) != Some(&':') {
            break;
        }
        at = skip_space(chars, colons + 2);
    }
    // `use a::{self}` names `a`.
    if path.len() > 1 && path.last().is_some_and(|last| last == "self") {
        path.pop();
    }
    if !path.is_empty() {
        found.push(path);
    }
    at
}

fn read_group(chars: &[char], from: usize, prefix: &[String], found: &mut Vec<Vec<String>>) -> usize {
    let mut at = from;
    loop {
        at = read_tree(chars, at, prefix, found);
        // Over `as name` to the next comma or the end of the group.
        while chars.get(at).is_some_and(|c| !matches!(c, ',' | '}')) {
            at += 1;
        }
        if chars.get(at) != Some(&',') {
            return at + 1;
        }
        at = skip_space(chars, at + 1);
        if chars.get(at) == Some(&'}') {
            return at + 1;
        }
    }
}

fn skip_space(chars: &[char], from: usize) -> usize {
    from + chars[from.min(chars.len())..]
        .iter()
        .take_while(|c| c.is_whitespace())
        .count()
}

/// From the root of the crate; nothing where `super` leads out of it.
fn absolute(path: Vec<String>, module: &[String]) -> Option<Vec<String>> {
    let mut base: Vec<String> = match path.first()?.as_str() {
        "crate" => Vec::new(),
        _ => module.to_vec(),
    };
    for segment in path {
        match segment.as_str() {
            "crate" | "self" => {}
            "super" => drop(base.pop()?),
            _ => base.push(segment),
        }
    }
    Some(base)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(text: &str, module: &[&str]) -> Vec<String> {
        let module: Vec<String> = module.iter().map(|&name| name.into()).collect();
        named(&code(text), &module)
            .into_iter()
            .map(|named| format!("{}:{}", named.line, named.path.join("::")))
            .collect()
    }

    #[test]
    fn groups_are_spread_out() {
        let text = "use crate::{\n    a::{b, c as d, e::*},\n    f::{self, g},\n};\nuse std::fmt;";
        assert_eq!(
            paths(text, &[]),
            ["1:a::b", "1:a::c", "1:a::e::*", "1:f", "1:f::g"]
        );
    }

    #[test]
    fn paths_inside_code_count_too() {
        assert_eq!(
            paths("\nfn f(x: &crate::id::FileId) -> Vec<crate::a::B> {}", &[]),
            ["2:id::FileId", "2:a::B"]
        );
    }

    #[test]
    fn super_and_self_are_followed() {
        assert_eq!(
            paths("use super::model::X;", &["messages", "service"]),
            ["1:messages::model::X"]
        );
        assert_eq!(
            paths("use super::super::files::File;", &["messages", "service"]),
            ["1:files::File"]
        );
        assert_eq!(paths("use self::bus::Bus;", &["event"]), ["1:event::bus::Bus"]);
    }

    #[test]
    fn comments_strings_tests_and_macros_of_others_do_not_count() {
        let text = "// crate::a\n/* crate::b /* crate::c */ */\nconst S: &str = \"crate::d\"; let r = r#\"\"crate::e\"#;\n\
                    let c = '\"'; use crate::real::One;\n#[cfg(test)]\nmod tests { use crate::f; fn g() { crate::h(); } }\n\
                    macro_rules! m { () => { $crate::i::J } }\nfn l<'a>(x: &'a str) -> crate::real::Two {}";
        assert_eq!(paths(text, &[]), ["4:real::One", "8:real::Two"]);
    }

    #[test]
    fn reexports_are_read_with_and_without_self() {
        let text =
            "pub mod model;\npub use model::{A, B};\npub use self::service::Service;\npub use store::*;";
        let paths: Vec<String> = reexported(&code(text))
            .iter()
            .map(|path| path.join("::"))
            .collect();
        assert_eq!(paths, ["model::A", "model::B", "service::Service", "store::*"]);
    }

    #[test]
    fn lines_stay_where_they_are() {
        let text = "a\n/* b\nc */ d\n\"e\nf\" g";
        assert_eq!(code(text).lines().count(), text.lines().count());
        assert_eq!(code(text).lines().last().map(str::trim), Some("g"));
    }
}
