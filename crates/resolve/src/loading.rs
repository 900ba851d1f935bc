//! Modules that are imported by a value: `importlib.import_module(name)`.
//!
//! A constant name is an import like any other. A name that is put together says how the module's name starts and ends
//! (its *pattern*, `drivers.*.base`); the modules of the program that fit and define what is then asked of the module
//! are the ones it may be. A name of which nothing is known fits every module, so that only what few of them define is
//! followed.

use crate::object::Object;
use crate::program::ProgramModule;
use crate::solver::{Node, Solver};
use crate::{FuncId, ModuleId};
use assay_index::Symbol;
use assay_ir::{Arg, ArgKind, Const, Op, Value};
use assay_text::limits;

/// The part of a pattern that may be any text.
const ANY: char = '*';

impl Solver<'_> {
    /// What `import_module(name)` in `f` gives. Whether that is something of the program.
    pub(crate) fn load_module(&mut self, f: FuncId, name: Value, to: Node) -> bool {
        if let Op::Const(Const::Str(text)) = self.program.function(f).op(name) {
            let object = self.named_module(f, *text);
            self.add(to, object);
            return !matches!(object, Object::Api(_));
        }
        let (prefix, suffix) = self.shape(f, name).unwrap_or_default();
        let prefix = match prefix.strip_prefix('.') {
            Some(rest) => format!("{}{rest}", self.package_prefix(f)),
            None => prefix,
        };
        let pattern = self.program.strings.intern(&format!("{prefix}{ANY}{suffix}"));
        self.add(to, Object::Loaded(pattern));
        true
    }

    /// The member of a module that a dotted text names: `import_string("package.module.member")`. Whether the module is
    /// one of the program.
    pub(crate) fn load_member(&mut self, f: FuncId, name: Value, to: Node) -> bool {
        let Op::Const(Const::Str(text)) = self.program.function(f).op(name) else { return false };
        // Both `module.member` and `module:member` are written.
        let dotted = self.program.strings.resolve(*text).replace(':', ".");
        let Some((module, member)) = dotted.rsplit_once('.') else { return false };
        let (module, member) = (self.program.strings.intern(module), self.program.strings.intern(member));
        let home = self.program.functions[f].module;
        self.import_from(home, module, 0, member, to);
        self.program.imported(home, module).is_some()
    }

    /// What `__import__(name)` gives: the outermost package of that name, or the module itself where the call names what it wants of it
    /// (`fromlist`). Whether that is something of the program.
    pub(crate) fn load_package(&mut self, f: FuncId, args: &[Arg], to: Node) -> bool {
        let strings = &self.program.strings;
        let names_members =
            |arg: &Arg| matches!(arg.kind, ArgKind::Keyword(name) if strings.resolve(name) == "fromlist");
        let Some(name) = args.first().map(|arg| arg.value) else { return false };
        if args.len() > 3 || args.iter().any(names_members) {
            return self.load_module(f, name, to);
        }
        let Op::Const(Const::Str(text)) = *self.program.function(f).op(name) else { return false };
        let object = self.import(self.program.functions[f].module, text, false);
        self.add(to, object);
        !matches!(object, Object::Api(_))
    }

    fn named_module(&mut self, f: FuncId, name: Symbol) -> Object {
        let text = self.program.strings.resolve(name).to_owned();
        let name = match text.strip_prefix('.') {
            Some(rest) => {
                let dotted = format!("{}{rest}", self.package_prefix(f));
                self.program.strings.intern(&dotted)
            }
            None => name,
        };
        self.import(self.program.functions[f].module, name, true)
    }

    /// The package of a function's module, with the point that follows it.
    fn package_prefix(&mut self, f: FuncId) -> String {
        let empty = self.program.strings.intern("");
        let package = self.program.absolute_name(self.program.functions[f].module, empty, 1);
        if package.is_empty() { package } else { format!("{}.", package.trim_end_matches('.')) }
    }

    /// `module.name` for a module that was imported by a name of this pattern.
    pub(crate) fn loaded_member(&mut self, pattern: Symbol, name: Symbol, to: Node) {
        if self.program.strings.resolve(name).starts_with("__") {
            return;
        }
        let pattern = self.program.strings.resolve(pattern);
        let (prefix, suffix) = pattern.split_once(ANY).unwrap_or((pattern, ""));
        let unknown = prefix.is_empty() && suffix.is_empty();
        let fits = |module: &ProgramModule| {
            let text = self.program.strings.resolve(module.name);
            let named = text.len() >= prefix.len() + suffix.len() && text.starts_with(prefix) && text.ends_with(suffix);
            named && !module.test && !module.template && if unknown { module.makes(name) } else { module.defines(name) }
        };
        let modules = self.program.modules.iter_enumerated();
        let found: Vec<ModuleId> = modules.filter(|(_, module)| fits(module)).map(|(id, _)| id).collect();
        if unknown && found.len() > limits::MAX_POINTS_TO {
            return;
        }
        for module in found {
            self.link_global(module, name, to);
        }
    }
}
