//! Whose choice the folder is in which a name stands that callers of a library pass.

use crate::code::words;
use crate::flawed::is_made_from;
use crate::flows::FlowInput;
use crate::named_secrets::named_values;
use assay_index::{FxHashSet, Symbol};
use assay_ir::{BinaryOp, Function, Op, Value};
use assay_resolve::{ApiId, ClsId, FuncId};
use assay_taint::{Flags, Flow, FunctionOracle, HopKind, SinkSite, Source, TraceStep, TraceStepKind};
use assay_values::Context;
use assay_values::shapes::{Piece, path_shapes};

/// Where the system keeps its own files.
const SYSTEM_FOLDERS: [&str; 10] =
    ["/boot/", "/dev/", "/etc/", "/lib", "/opt/", "/proc/", "/run/", "/sys/", "/usr/", "/var/"];
/// Steps from the first piece of a path to where it comes from.
const MAX_STEPS: usize = 6;

/// Whether something for which `part` holds is among what a value is made of in its function.
fn is_made_of(function: &Function, value: Value, part: impl Fn(&Op) -> bool) -> bool {
    let mut work = vec![value];
    let mut seen = FxHashSet::default();
    while let Some(value) = work.pop() {
        if seen.insert(value) {
            let op = function.op(value);
            if part(op) {
                return true;
            }
            op.for_each_operand(|v| work.push(v));
        }
    }
    false
}

impl FlowInput<'_> {
    /// Whether a source is a file that is opened beside the module that opens it: its path is made from `__file__` and constants.
    pub(crate) fn is_own_file(&self, source: &Source) -> bool {
        let mut beside = false;
        let own = self.opened(source).is_some_and(|path| self.is_beside(source.function, path, &mut beside, MAX_STEPS));
        own && beside
    }

    /// The path that a source is opened by, whether as it is or in a context.
    fn opened(&self, source: &Source) -> Option<Value> {
        let function = self.resolution.program.function(source.function);
        let call = match function.op(source.value) {
            Op::Enter(opened) => *opened,
            _ => source.value,
        };
        match function.op(call) {
            Op::Call { args, .. } => args.first().map(|path| path.value),
            _ => None,
        }
    }

    /// Whether a path is made from constants and `__file__` alone; `beside` says whether the latter is among them.
    fn is_beside(&self, f: FuncId, path: Value, beside: &mut bool, depth: usize) -> bool {
        if depth == 0 {
            return false;
        }
        let program = &self.resolution.program;
        let (f, path) = FunctionOracle::new(self.resolution, f).definition(path).unwrap_or((f, path));
        match program.function(f).op(path) {
            Op::Const(_) | Op::Format(_) if self.constant_text(f, path).is_some() => true,
            Op::Global(name) if program.strings.resolve(*name) == "__file__" => {
                *beside = true;
                true
            }
            Op::Call { args, .. } => {
                let joins = self.resolution.call(f, path).is_some_and(|targets| {
                    !targets.apis.is_empty()
                        && targets.apis.iter().all(|api| {
                            let name = self.resolution.api_name(*api);
                            name.starts_with("os.path.") || name.starts_with("pathlib.")
                        })
                });
                joins && args.iter().all(|arg| self.is_beside(f, arg.value, beside, depth - 1))
            }
            Op::Binary(BinaryOp::Add | BinaryOp::Div, first, second) => {
                self.is_beside(f, *first, beside, depth - 1) && self.is_beside(f, *second, beside, depth - 1)
            }
            // The folder of the package, as frameworks name it: `app.root_path`.
            Op::Attr(_, name) if program.strings.resolve(*name) == "root_path" => {
                *beside = true;
                true
            }
            Op::Annotated { value: Some(inner), .. } | Op::Attr(inner, _) => {
                self.is_beside(f, *inner, beside, depth - 1)
            }
            _ => false,
        }
    }

    /// Whether the module of a site also writes what is read there, under a path that nobody else passes to the function: a state
    /// or cache of the program's own.
    pub(crate) fn is_kept_by_itself(&self, site: &SinkSite, source: &Source) -> bool {
        let program = &self.resolution.program;
        let function = program.function(source.function);
        let Some(path) = self.opened(source) else { return false };
        let own = self.resolution.is_called(source.function) && !self.resolution.is_exported(source.function);
        let class = program.functions[source.function].class;
        let passed = |op: &Op| match op {
            Op::Param(index) => !(own || *index == 0 && class.is_some()),
            Op::Attr(_, name) => class.is_some_and(|class| self.is_made_for(class, *name)),
            _ => false,
        };
        if is_made_of(function, path, passed) {
            return false;
        }
        let api = self.api_name(site);
        let library = api.split('.').next().unwrap_or_default();
        let module = program.functions[site.function].module;
        let writes = |api: ApiId| {
            let name = self.resolution.api_name(api);
            name.strip_prefix(library).is_some_and(|rest| matches!(rest, ".dump" | ".dumps" | ".Pickler().dump"))
        };
        program
            .functions
            .ids()
            .filter(|f| program.functions[*f].module == module)
            .any(|f| self.resolution.calls(f).iter().any(|(_, targets)| targets.apis.iter().any(|api| writes(*api))))
    }

    /// Whether a library's class leaves it to those who make its objects what they keep under a name.
    fn is_made_for(&self, class: ClsId, name: Symbol) -> bool {
        !self.commands
            && self.code.attribute_values(class, name).into_iter().any(|(f, value)| {
                let function = self.resolution.program.function(f);
                is_made_of(function, value, |op| matches!(op, Op::Param(1..)))
            })
    }

    /// Whether a source is what a generator of secrets draws, and nothing says that it is to be one: neither the name that it
    /// gets, nor that of the function which makes it.
    pub(crate) fn is_drawn_for_anything(&self, source: &Source) -> bool {
        let (code, f) = (self.code, source.function);
        let drawn = self
            .resolution
            .call(f, source.value)
            .is_some_and(|t| t.apis.iter().any(|api| self.resolution.api_name(*api).starts_with("secrets.token_")));
        let says = |name: &str| {
            words(name).iter().any(|w| {
                matches!(
                    w.as_str(),
                    "token" | "tokens" | "secret" | "secrets" | "password" | "passwd" | "key" | "keys" | "otp"
                )
            })
        };
        drawn
            && !says(code.function_name(f))
            && !named_values(code, f)
                .into_iter()
                .any(|(name, value)| says(name) && is_made_from(code, f, value, source.value))
    }

    /// Whether a path is put together, in the function of the sink or one that this calls, below a folder that is not the caller's choice: one
    /// that the program fixed, or that its object was made for. Who passes what stands below it names something in there.
    /// Who passes an object does not choose the names in it, so that there the folder may be passed, too.
    pub(crate) fn in_own_folder(&self, site: &SinkSite, flow: Option<&Flow>) -> bool {
        if site.arguments.iter().any(|path| self.folder_of(site.function, *path, false)) {
            return true;
        }
        let Some(flow) = flow else { return false };
        let steps = self.analysis.trace(flow);
        let kept = |step: &TraceStep| matches!(step.kind, TraceStepKind::Hop(HopKind::Loaded(_) | HopKind::Stored(_)));
        if steps.iter().any(kept) {
            return false;
        }
        let passed = flow.flags.has(Flags::FIELD);
        let here = site.arguments.iter().map(|value| (site.function, *value));
        let on_way = near(&steps, usize::from(passed)).iter().filter_map(|step| match step.kind {
            TraceStepKind::Hop(HopKind::Assigned | HopKind::Library(_)) => Some((step.function, step.value)),
            _ => None,
        });
        here.chain(on_way).any(|(f, value)| self.folder_of(f, value, true) || (passed && self.is_below(f, value)))
    }

    /// Whether a path has a folder before the data, whatever that is.
    fn is_below(&self, f: FuncId, path: Value) -> bool {
        let function = self.resolution.program.function(f);
        let oracle = FunctionOracle::new(self.resolution, f);
        let cx = Context::new(function, &self.resolution.program.strings, &oracle);
        path_shapes(&cx, path).iter().any(|shape| {
            matches!(&shape.pieces[..], [Piece::Hole(folder), _, ..] if matches!(function.op(folder.value), Op::Param(_)))
        })
    }

    /// Whether a path begins with a folder that the program itself fixed: by a constant or a variable of a module, or,
    /// with `objects`, by an attribute of the object whose method this is.
    fn folder_of(&self, f: FuncId, path: Value, objects: bool) -> bool {
        let function = self.resolution.program.function(f);
        let oracle = FunctionOracle::new(self.resolution, f);
        let cx = Context::new(function, &self.resolution.program.strings, &oracle);
        path_shapes(&cx, path).iter().any(|shape| match &shape.pieces[..] {
            // Files of the system are named by what they tell of.
            [Piece::Text(folder), _, ..] => {
                folder.contains('/') && !SYSTEM_FOLDERS.iter().any(|own| folder.starts_with(own))
            }
            [Piece::Hole(hole), _, ..] => match function.op(hole.value) {
                Op::Global(_) => true,
                Op::Attr(..) if objects => self.is_of_object(f, hole.value),
                _ => false,
            },
            _ => false,
        })
    }

    /// Whether a value is an attribute of the object whose method this is.
    fn is_of_object(&self, f: FuncId, value: Value) -> bool {
        let function = self.resolution.program.function(f);
        let mut at = value;
        for _ in 0..MAX_STEPS {
            match function.op(at) {
                Op::Attr(base, _) | Op::Annotated { value: Some(base), .. } => at = *base,
                Op::Param(0) => return function.class.is_some(),
                _ => return false,
            }
        }
        false
    }
}

/// The steps in the function that the sink is in, and in those that it calls; `up`: the callers before it that count, too.
fn near(steps: &[TraceStep], up: usize) -> &[TraceStep] {
    let mut open = Vec::new();
    for (at, step) in steps.iter().enumerate() {
        match step.kind {
            TraceStepKind::Call(_) => open.push(at + 1),
            TraceStepKind::Return(_) => {
                open.pop();
            }
            _ => {}
        }
    }
    let from = open.len().checked_sub(1 + up).map_or(0, |at| open[at]);
    &steps[from..]
}
