//! A release embeds the built web, so it is built anew when the web was. A debug build reads the web at run time instead and
//! must not be built anew for it.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    if std::env::var("PROFILE").is_ok_and(|profile| profile == "release") {
        for dist in ["web/console/dist", "web/widget/dist"] {
            println!("cargo:rerun-if-changed={dist}");
        }
    }
}
