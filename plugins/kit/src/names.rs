//! Names of functions, which backtraces show: readable and short. As the compiler writes them they are a third of a plugin.

use anyhow::Result;
use rustc_demangle::demangle;
use wasm_encoder::{Module, NameMap, NameSection, RawSection};
use wasmparser::{KnownCustom, Name, Parser, Payload};

/// Longest name, in characters.
const MOST: usize = 80;

/// The module with shorter names.
///
/// # Errors
/// It is no module.
pub(crate) fn shortened(module: &[u8]) -> Result<Vec<u8>> {
    let mut shorter = Module::new();
    for payload in Parser::new(0).parse_all(module) {
        let payload = payload?;
        if let Payload::CustomSection(section) = &payload
            && let KnownCustom::Name(names) = section.as_known()
        {
            for name in names {
                if let Name::Function(functions) = name? {
                    let mut short = NameMap::new();
                    for function in functions {
                        let function = function?;
                        short.append(function.index, &readable(function.name));
                    }
                    let mut names = NameSection::new();
                    names.functions(&short);
                    shorter.section(&names);
                }
            }
            continue;
        }
        if let Some((id, range)) = payload.as_section() {
            shorter.section(&RawSection {
                id,
                data: &module[usize::try_from(range.start)?..usize::try_from(range.end)?],
            });
        }
    }
    Ok(shorter.finish())
}

/// The name as it stands in the sources, without what tells crates and instances of generics apart.
fn readable(name: &str) -> String {
    let readable = format!("{:#}", demangle(name));
    if readable.chars().count() <= MOST {
        return readable;
    }
    let kept: String = readable.chars().take(MOST - 1).collect();
    format!("{kept}…")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_readable() {
        assert_eq!(
            readable("_RNvNtCsl12Ij4muSsF_12omnichat_max5parse7content"),
            "omnichat_max::parse::content"
        );
        assert_eq!(readable("memcpy"), "memcpy");
        assert_eq!(readable(&"x".repeat(500)).chars().count(), MOST);
    }

    #[test]
    fn the_rest_of_a_module_stays_as_it_is() {
        let mut map = NameMap::new();
        map.append(0, "_RNvNtCsl12Ij4muSsF_12omnichat_max5parse7content");
        let mut names = NameSection::new();
        names.functions(&map);
        let mut module = Module::new();
        module.section(&wasm_encoder::CustomSection {
            name: "other".into(),
            data: b"kept".as_slice().into(),
        });
        let bare = module.clone().finish();
        module.section(&names);
        let long = module.finish();
        let short = shortened(&long).unwrap();
        assert!(short.starts_with(&bare) && short.len() < long.len());
        assert_eq!(shortened(&bare).unwrap(), bare);
        assert!(shortened(b"nothing").is_err());
    }
}
