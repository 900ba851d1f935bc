//! Functions that the program hands over: somebody outside of it calls them.
//!
//! - A function is *handed over* when it is passed to something that is not of the program, a decorator included; when a text
//!   names it, as tables of routes do; or when it is a method of a class that derives from a library's class of which the models say
//!   nothing.

use crate::code::Code;
use assay_index::{FxHashSet, Symbol};
use assay_ir::{Const, Op};
use assay_resolve::{FuncId, Object};

/// Characters of a name that a text gives: shorter ones are words.
const MIN_NAME: usize = 6;

/// The functions that are passed to others, and the texts of a program.
#[derive(Default)]
pub(crate) struct Handed {
    functions: FxHashSet<FuncId>,
    texts: FxHashSet<Symbol>,
    /// The last parts of dotted texts.
    ends: FxHashSet<String>,
}

impl Handed {
    pub(crate) fn new(code: &Code<'_>) -> Self {
        let mut out = Self::default();
        let program = &code.res.program;
        for f in program.functions.ids().filter(|f| !program.module_of(*f).test && !program.module_of(*f).template) {
            for inst in &code.function(f).insts {
                if let Op::Const(Const::Str(text)) = inst.op
                    && out.texts.insert(text)
                    && let Some((_, end)) = code.text(text).rsplit_once('.')
                {
                    out.ends.insert(end.to_owned());
                }
            }
            for (call, targets) in code.res.calls(f).iter().filter(|(_, targets)| targets.functions.is_empty()) {
                let Op::Call { args, .. } = code.op(f, *call) else { continue };
                // Of what they know, the models say whom it calls.
                if targets.apis.iter().any(|api| !code.res.apis.nodes(*api).is_empty()) {
                    continue;
                }
                for arg in args {
                    out.functions.extend(code.res.objects(f, arg.value).filter_map(|object| match object {
                        Object::Function(g) | Object::Bound(g) | Object::Static(g) | Object::ClassMethod(g) => Some(g),
                        _ => None,
                    }));
                }
            }
        }
        out
    }

    /// Whether a function is handed over.
    pub(crate) fn contains(&self, code: &Code<'_>, f: FuncId) -> bool {
        let name = code.function(f).name;
        let text = code.text(name);
        let named = || text.len() >= MIN_NAME && (self.texts.contains(&name) || self.ends.contains(text));
        let unknown = || {
            let class = code.res.program.functions[f].class;
            class.is_some_and(|class| {
                let mut bases = code.res.hierarchy.external_bases(class).iter();
                bases.any(|base| code.res.apis.nodes(*base).is_empty())
            })
        };
        !text.starts_with("__") && (self.functions.contains(&f) || named() || unknown())
    }
}
