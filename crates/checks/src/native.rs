//! Calls by which Python code leaves Python: of methods of extension modules, and of functions of shared libraries that `ctypes`
//! and `cffi` load.

use assay_finding::Place;
use assay_resolve::Resolution;
use assay_text::Files;

/// Places that are kept for one function.
const MAX_PLACES: usize = 4;

/// What gives a shared library whose functions are called by their names.
const LOADERS: [&str; 9] = [
    "ctypes.CDLL",
    "ctypes.PyDLL",
    "ctypes.WinDLL",
    "ctypes.OleDLL",
    "ctypes.LibraryLoader.LoadLibrary",
    "ctypes.cdll.LoadLibrary",
    "ctypes.pydll.LoadLibrary",
    "cffi.FFI.dlopen",
    "cffi.FFI.verify",
];

/// A call that leaves Python.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NativeCall {
    /// The extension module; none for a shared library.
    pub module: Option<String>,
    /// The method or function.
    pub function: String,
    /// The call.
    pub place: Place,
}

/// The calls, outside of tests, of what no code of the program defines and may be native. In the order of their places.
pub fn native_calls(resolution: &Resolution<'_>, files: &Files) -> Vec<NativeCall> {
    let program = &resolution.program;
    let mut out: Vec<NativeCall> = Vec::new();
    for f in program.functions.ids() {
        let module = program.module_of(f);
        if module.test || module.template {
            continue;
        }
        for (value, targets) in resolution.calls(f) {
            for api in &targets.apis {
                let Some((holder, function)) = resolution.api_name(*api).rsplit_once('.') else { continue };
                let Some(held) = native_holder(holder) else { continue };
                let place = Place {
                    file: module.file,
                    span: program.function(f).insts[*value].span,
                    function: program.qualified_name(f),
                };
                let module = match held {
                    Holder::Module(name) => Some(name.to_owned()),
                    Holder::Library => None,
                };
                out.push(NativeCall { module, function: function.to_owned(), place });
            }
        }
    }
    let path = |call: &NativeCall| files.get(call.place.file).path.to_string();
    out.sort_by_cached_key(|call| (call.module.clone(), call.function.clone(), path(call), call.place.span.start));
    let mut count = 0;
    let mut last: Option<(Option<String>, String)> = None;
    out.retain(|call| {
        let key = (call.module.clone(), call.function.clone());
        count = if last.as_ref() == Some(&key) { count + 1 } else { 0 };
        last = Some(key);
        count < MAX_PLACES
    });
    out
}

/// What a function is called by.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Holder<'n> {
    /// A module, by the last part of its name.
    Module(&'n str),
    /// A shared library.
    Library,
}

/// What a function is called by, when it may be native.
fn native_holder(holder: &str) -> Option<Holder<'_>> {
    let plain = holder.replace("()", "");
    if LOADERS.iter().any(|loader| plain == *loader) {
        return Some(Holder::Library);
    }
    let module = !holder.contains(['(', '[']);
    module.then(|| Holder::Module(holder.rsplit('.').next().unwrap_or(holder)))
}

#[cfg(test)]
mod tests {
    use super::{Holder, native_holder};

    #[test]
    fn holders_are_modules_or_libraries() {
        assert_eq!(native_holder("pkg._fast"), Some(Holder::Module("_fast")));
        assert_eq!(native_holder("ctypes.CDLL()"), Some(Holder::Library));
        assert_eq!(native_holder("ctypes.CDLL"), Some(Holder::Library));
        assert_eq!(native_holder("socket.socket()"), None);
    }
}
