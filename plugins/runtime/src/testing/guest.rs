//! Guests written by hand: a core module in text whose functions do what a test wants, made into a component.
//!
//! A function that a test says nothing of answers "all well, nothing to tell": a pointer to zeros, which the canonical ABI
//! reads as an empty success.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use wit_component::{ComponentEncoder, StringEncoding, embed_component_metadata};
use wit_parser::abi::{AbiVariant, WasmType};
use wit_parser::{Function, Resolve, WorldId, WorldItem};

/// Where data begins; below it are zeros.
const DATA: usize = 1_024;
/// Where the guest's allocator begins.
const HEAP: usize = 64 * 1_024;
/// Where imports put their results.
pub const RESULT: usize = 512;

/// The settings of every guest: one secret.
pub const SCHEMA: &str =
    r#"{"type":"object","properties":{"token":{"type":"string","x-secret":true},"base":{"type":"string"}}}"#;

/// A guest in the making. Its methods panic where it cannot be made: it is for tests.
#[derive(Clone, Debug)]
pub struct Guest {
    /// `channel`, `scenario` or `tool`.
    pub kind: &'static str,
    /// The version that it says it has.
    pub version: &'static str,
    /// Its manifest, TOML.
    pub manifest: String,
    /// How many pages of 64 KiB its memory has from the start.
    pub pages: u32,
    /// The JSON Schema of its settings.
    pub schema: String,
    bodies: BTreeMap<String, String>,
    functions: String,
    data: Vec<u8>,
}

/// Computes for ever.
pub const SPIN: &str = "(loop $l (br $l)) unreachable";
/// Takes memory until there is no more, then fails as an allocator does.
pub const BOMB: &str =
    "(loop $l (br_if $l (i32.ne (memory.grow (i32.const 16)) (i32.const -1)))) unreachable";
/// Calls itself, with [`DEEPER`] as a function of the guest, until the stack ends.
pub const RECURSE: &str = "(call $deeper (i32.const 0))";
/// What [`RECURSE`] needs.
pub const DEEPER: &str = "(func $deeper (param i32) (result i32) (i32.add (i32.const 1) (call $deeper (i32.add (local.get 0) (i32.const 1)))))";

/// What `check` leaves on the stack: an answer whose id is a text at this place and of this length.
pub fn answer(at: usize, length: usize) -> String {
    format!(
        "(i32.store (i32.const {}) (i32.const {at})) (i32.store (i32.const {}) (i32.const {length})) (i32.const {RESULT})",
        RESULT + 8,
        RESULT + 12
    )
}

impl Guest {
    /// One that does nothing, well.
    pub fn new(kind: &'static str) -> Self {
        Self {
            kind,
            version: "1.0.0",
            manifest: format!(
                "id = \"x1\"\nversion = \"1.0.0\"\nkind = \"{kind}\"\nwit = \"0.1.0\"\ntitle = \"X\"\n"
            ),
            pages: 2,
            schema: SCHEMA.to_owned(),
            bodies: BTreeMap::new(),
            functions: String::new(),
            data: Vec::new(),
        }
    }

    /// A channel that does nothing, well.
    pub fn channel() -> Self {
        Self::new("channel")
    }

    /// What an exported function does: instructions that leave its result on the stack.
    pub fn does(mut self, function: &str, body: &str) -> Self {
        self.bodies.insert(function.to_owned(), body.to_owned());
        self
    }

    /// A function of its own.
    pub fn with(mut self, function: &str) -> Self {
        self.functions.push_str(function);
        self
    }

    /// Adds to its manifest.
    pub fn asking(mut self, manifest: &str) -> Self {
        self.manifest.push_str(manifest);
        self
    }

    /// Puts bytes into memory and says where.
    pub fn place(&mut self, bytes: &[u8]) -> usize {
        while !self.data.len().is_multiple_of(8) {
            self.data.push(0);
        }
        let at = DATA + self.data.len();
        self.data.extend_from_slice(bytes);
        at
    }

    /// `(i32.const AT) (i32.const LENGTH)` of a text.
    pub fn text(&mut self, text: &str) -> String {
        let at = self.place(text.as_bytes());
        format!("(i32.const {at}) (i32.const {})", text.len())
    }

    /// A call of `host-http.send` that asks for an address and leaves its result at [`RESULT`].
    pub fn get(&mut self, url: &str) -> String {
        let (method, url) = (self.text("GET"), self.text(url));
        let rest = "(i32.const 0) ".repeat(8);
        format!("(call $host-http.send {method} {url} {rest} (i32.const {RESULT}))")
    }

    fn descriptor(&mut self) -> usize {
        let schema = self.schema.clone();
        let mut record = Vec::new();
        for text in ["x1", self.version, "X", "", &schema] {
            let at = self.place(text.as_bytes());
            record.extend_from_slice(&u32::try_from(at).unwrap().to_le_bytes());
            record.extend_from_slice(&u32::try_from(text.len()).unwrap().to_le_bytes());
        }
        record.extend_from_slice(&[0; 52]);
        self.place(&record)
    }

    /// The component, without a manifest.
    pub fn bare(mut self) -> Vec<u8> {
        let descriptor = self.descriptor();
        let mut resolve = Resolve::default();
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../wit/v0.1");
        let (package, _) = resolve.push_dir(path).unwrap();
        let world = resolve
            .select_world(&[package], Some(&format!("{}-plugin", self.kind)))
            .unwrap();
        let text = self.module(&resolve, world, descriptor);
        let mut module = wat::parse_str(&text).unwrap_or_else(|error| panic!("{error}\n{text}"));
        embed_component_metadata(&mut module, &resolve, world, StringEncoding::UTF8).unwrap();
        ComponentEncoder::default()
            .module(&module)
            .unwrap()
            .validate(true)
            .encode()
            .unwrap()
    }

    /// The component.
    pub fn build(self) -> Vec<u8> {
        let manifest = self.manifest.clone();
        with_section(self.bare(), "omnichat:manifest", manifest.as_bytes())
    }

    fn module(&self, resolve: &Resolve, world: WorldId, descriptor: usize) -> String {
        let mut text = "(module\n".to_owned();
        let world = &resolve.worlds[world];
        for (item, imported) in world
            .imports
            .values()
            .map(|item| (item, true))
            .chain(world.exports.values().map(|item| (item, false)))
        {
            let WorldItem::Interface { id, .. } = item else {
                continue;
            };
            let interface = &resolve.interfaces[*id];
            let short = interface.name.clone().unwrap();
            let long = resolve.id_of(*id).unwrap();
            for (name, function) in &interface.functions {
                if imported {
                    let signature = signature(resolve, AbiVariant::GuestImport, function);
                    writeln!(
                        text,
                        "(import \"{long}\" \"{name}\" (func ${short}.{name} {signature}))"
                    )
                    .unwrap();
                } else {
                    let signature = signature(resolve, AbiVariant::GuestExport, function);
                    let usual = if name == "describe" {
                        format!("(i32.const {descriptor})")
                    } else {
                        "(i32.const 0)".to_owned()
                    };
                    let body = self.bodies.get(name).unwrap_or(&usual);
                    writeln!(text, "(func (export \"{long}#{name}\") {signature} {body})").unwrap();
                }
            }
        }
        let data: String = self.data.iter().map(|byte| format!("\\{byte:02x}")).collect();
        write!(
            text,
            r#"(memory (export "memory") {})
            (global $heap (mut i32) (i32.const {HEAP}))
            (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32)
              (local $at i32)
              (local.set $at (i32.and (i32.add (global.get $heap) (i32.const 7)) (i32.const -8)))
              (global.set $heap (i32.add (local.get $at) (local.get 3)))
              (if (i32.gt_u (global.get $heap) (i32.mul (memory.size) (i32.const 65536)))
                (then (drop (memory.grow (i32.add (i32.div_u (local.get 3) (i32.const 65536)) (i32.const 1))))))
              (local.get $at))
            {}
            (data (i32.const {DATA}) "{data}"))"#,
            self.pages, self.functions
        )
        .unwrap();
        text
    }
}

fn signature(resolve: &Resolve, variant: AbiVariant, function: &Function) -> String {
    let signature = resolve.wasm_signature(variant, function);
    let types = |types: &[WasmType]| -> String {
        types
            .iter()
            .map(|one| match one {
                WasmType::I64 | WasmType::PointerOrI64 => " i64",
                WasmType::F32 => " f32",
                WasmType::F64 => " f64",
                _ => " i32",
            })
            .collect()
    };
    format!(
        "(param{}) (result{})",
        types(&signature.params),
        types(&signature.results)
    )
}

/// A file with another section at its end.
pub fn with_section(mut wasm: Vec<u8>, name: &str, content: &[u8]) -> Vec<u8> {
    let mut section = leb(name.len());
    section.extend_from_slice(name.as_bytes());
    section.extend_from_slice(content);
    wasm.push(0);
    wasm.extend(leb(section.len()));
    wasm.extend(section);
    wasm
}

fn leb(mut number: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    loop {
        let low = u8::try_from(number & 0x7f).unwrap();
        number >>= 7;
        if number == 0 {
            bytes.push(low);
            return bytes;
        }
        bytes.push(low | 0x80);
    }
}
