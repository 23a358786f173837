//! Built plugins are what their sources give: each has a record of what it was built from, which still holds.

use anyhow::Result;

use super::{Report, Tree};
use crate::plugins;

pub(super) fn check(tree: &Tree, report: &mut Report) -> Result<()> {
    for (place, text) in plugins::stale(&tree.root)? {
        report.problem(place, text);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::fixture::problems;

    fn said(files: &[(&str, &str)]) -> Vec<String> {
        problems(files, |tree, report| {
            check(tree, report).expect("a readable tree")
        })
    }

    #[test]
    fn a_plugin_that_was_never_built_is_named() {
        let files = [
            ("plugins/shop/Cargo.toml", "package.name='shop'"),
            ("plugins/shop/omnichat.plugin.toml", "id='shop'"),
        ];
        assert_eq!(
            said(&files),
            ["plugins/dist/shop.wasm: it is not there; build it anew: cargo xtask plugins shop"]
        );
        assert_eq!(said(&[("README.md", "# Nothing")]), [""; 0]);
    }
}
