//! Lists of arguments that programs are started with.
//!
//! - The first element is the program; the others are *arguments*.
//! - Behind an element `--` no argument is an option.
//! - The argument behind a shell's `-c` is a command, the one behind an interpreter's is its program: either says what
//!   runs, as the first element does.
//! - What stands behind the host in the arguments of `ssh` is put together to one command, which a shell runs there.

use crate::driver::Engine;
use crate::function::{Additions, Fun};
use crate::label::{Elem, Entry};
use assay_dataflow::Location;
use assay_index::Idx;
use assay_ir::{Arg, ArgKind, BinaryOp, Collection, Element, Op, Value};
use assay_models::{KindSet, SinkKind};
use assay_values::ConstValue;
use smallvec::SmallVec;

/// Lists that one list is put together from.
const MAX_PARTS: u32 = 64;
/// Elements of a list that are told apart by their index.
const MAX_INDEX: i32 = 32;

const SHELLS: &[&str] = &["sh", "bash", "dash", "ash", "zsh", "ksh", "csh", "tcsh", "fish", "su"];
/// Interpreters, with the options that take a program.
const INTERPRETERS: &[(&str, &[&str])] = &[
    ("cmd", &["/c", "/k"]),
    ("powershell", &["-c", "-command"]),
    ("pwsh", &["-c", "-command"]),
    ("python", &["-c"]),
    ("perl", &["-e"]),
    ("ruby", &["-e"]),
    ("node", &["-e", "-p", "--eval"]),
    ("php", &["-r"]),
];

/// Options of `ssh` whose value is the next argument.
const SSH_VALUES: &str = "BbcDEeFIiJLlmOoPpQRSWw";

/// What an argument is, by what stands before it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) enum Role {
    /// The program, an option, or an operand.
    #[default]
    Any,
    /// No option.
    Operand,
    /// A command for a shell, or a program for an interpreter.
    Runs,
}

impl Role {
    /// What data in such an argument cannot do.
    pub(crate) fn harmless(self) -> KindSet {
        match self {
            Self::Any => KindSet::EMPTY,
            Self::Operand | Self::Runs => KindSet::of(SinkKind::ArgumentInjection),
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Runner {
    Shell,
    Interpreter(&'static [&'static str]),
    /// A shell on another host: the next argument is an option or the host, the value of an option, or of the command.
    Remote(Expected),
}

/// What comes next in the arguments of `ssh`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Expected {
    OptionOrHost,
    ValueOfOption,
    Command,
}

impl Expected {
    /// What comes after an argument.
    fn after(self, text: Option<&str>) -> Self {
        let option = text.and_then(|t| t.strip_prefix('-'));
        match (self, option) {
            (Self::OptionOrHost, Some(letters)) => {
                // A value stands behind a letter that takes one, or is the next argument.
                match letters.find(|c| SSH_VALUES.contains(c)) {
                    Some(at) if at + 1 == letters.len() => Self::ValueOfOption,
                    _ => Self::OptionOrHost,
                }
            }
            (Self::Command, _) | (Self::OptionOrHost, None) => Self::Command,
            (Self::ValueOfOption, _) => Self::OptionOrHost,
        }
    }
}

/// A list of arguments, read from its start.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct Arguments {
    runner: Option<Runner>,
    runs: bool,
    operands: bool,
    /// The number of elements, as far as they are known.
    count: i32,
    /// There may be elements that are not counted.
    more: bool,
}

impl Arguments {
    /// What the next argument is.
    pub(crate) fn role(&self) -> Role {
        if self.runs {
            Role::Runs
        } else if self.operands {
            Role::Operand
        } else {
            Role::Any
        }
    }

    /// Reads an argument; `text` when it is constant.
    pub(crate) fn push(&mut self, text: Option<&str>) {
        self.count = self.count.saturating_add(1);
        self.runs = false;
        if let Some(Runner::Remote(expected)) = self.runner {
            let expected = if text == Some("--") { expected } else { expected.after(text) };
            self.runner = Some(Runner::Remote(expected));
            self.runs = expected == Expected::Command;
        }
        let Some(text) = text else { return };
        if text == "--" {
            self.operands = true;
        } else if let Some(runner) = runner(text).filter(|r| self.count == 1 || !matches!(r, Runner::Remote(_))) {
            self.runner = Some(runner);
        } else if text.starts_with(['-', '/']) {
            self.runs = match self.runner {
                Some(Runner::Shell) => {
                    let letters = text.strip_prefix('-').unwrap_or_default();
                    letters.ends_with('c') && letters.bytes().all(|b| b.is_ascii_lowercase())
                }
                Some(Runner::Interpreter(options)) => options.contains(&text.to_lowercase().as_str()),
                Some(Runner::Remote(_)) => self.runs,
                None => false,
            };
        }
    }

    /// Reads arguments of which nothing is known.
    fn push_unknown(&mut self) {
        self.more = true;
        self.runs = false;
    }

    /// The step to what was at `elem` in a list that now follows this one.
    pub(crate) fn shift(&self, elem: Elem) -> Elem {
        match elem {
            Elem::Index(i) if !self.more && i >= 0 && self.count < MAX_INDEX - i => Elem::Index(self.count + i),
            Elem::Index(_) | Elem::Element | Elem::Later if self.count > 0 => Elem::Later,
            Elem::Index(_) | Elem::Later => Elem::Element,
            elem => elem,
        }
    }
}

fn runner(program: &str) -> Option<Runner> {
    let name = program.rsplit(['/', '\\']).next().unwrap_or(program).to_lowercase();
    let name = name.strip_suffix(".exe").unwrap_or(&name);
    if SHELLS.contains(&name) {
        return Some(Runner::Shell);
    }
    if name == "ssh" {
        return Some(Runner::Remote(Expected::OptionOrHost));
    }
    let name = name.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
    INTERPRETERS.iter().find(|(program, _)| *program == name).map(|(_, options)| Runner::Interpreter(options))
}

impl<'a> Engine<'a> {
    /// The text that an argument always is; of the interpreter that runs the program itself, its name.
    fn argument_text(&self, fun: &Fun<'a>, value: Value) -> Option<String> {
        if let Op::Attr(module, name) = fun.function.op(value)
            && self.program().strings.resolve(*name) == "executable"
            && self.res.apis_of(fun.id, *module).any(|api| self.res.api_name(api) == "sys")
        {
            return Some("python".to_owned());
        }
        match crate::oracle::constant(self.res, fun.id, value)? {
            ConstValue::Str(text) | ConstValue::Bytes(text) => Some(text),
            _ => None,
        }
    }

    /// The arguments in a list, as it is at `at`.
    pub(crate) fn arguments_in(&self, fun: &Fun<'a>, list: Value, at: Location) -> Arguments {
        let mut out = Arguments::default();
        self.read_list(fun, list, at, &mut { MAX_PARTS }, &mut out);
        out
    }

    fn read_list(&self, fun: &Fun<'a>, list: Value, at: Location, left: &mut u32, out: &mut Arguments) {
        if *left == 0 {
            return out.push_unknown();
        }
        *left -= 1;
        match fun.function.op(list) {
            Op::Annotated { value: Some(inner), .. } => return self.read_list(fun, *inner, at, left, out),
            Op::Collection(Collection::List | Collection::Tuple, elements) => {
                for element in elements {
                    if element.spread {
                        self.read_list(fun, element.value, at, left, out);
                    } else {
                        out.push(self.argument_text(fun, element.value).as_deref());
                    }
                }
            }
            Op::Binary(BinaryOp::Add, first, second) | Op::InPlace(BinaryOp::Add, first, second) => {
                self.read_list(fun, *first, at, left, out);
                self.read_list(fun, *second, at, left, out);
            }
            // Whatever a loop or a branch adds comes behind what was there before.
            Op::Phi(inputs) => {
                if let Some((_, first)) = inputs.iter().find(|(_, v)| v.index() < list.index()) {
                    self.read_list(fun, *first, at, left, out);
                }
                out.push_unknown();
            }
            Op::Call { func, args } => {
                let callee = self.res.call(fun.id, list).and_then(|t| t.apis.first().copied());
                let name = callee.map_or("", |api| self.res.api_name(api));
                let text = match (name, &args[..], fun.function.op(*func)) {
                    ("shlex.split", [text], _) => self.argument_text(fun, text.value),
                    ("builtins.str.split", [], Op::Attr(text, _)) => self.argument_text(fun, *text),
                    _ => None,
                };
                match text {
                    Some(text) => text.split_whitespace().for_each(|word| out.push(Some(word))),
                    None => out.push_unknown(),
                }
            }
            _ => out.push_unknown(),
        }
        self.read_additions(fun, list, at, left, out);
    }

    /// What was appended to a list before a place, on every way to it.
    fn read_additions(&self, fun: &Fun<'a>, list: Value, at: Location, left: &mut u32, out: &mut Arguments) {
        let additions = fun.additions.get_or_init(|| Additions::new(fun.function, &self.program().strings));
        for (addition, always) in additions.before(list, at) {
            match (always, addition.all) {
                (false, _) => out.push_unknown(),
                (true, true) => self.read_list(fun, addition.value, at, left, out),
                (true, false) => out.push(self.argument_text(fun, addition.value).as_deref()),
            }
        }
    }

    /// What a literal list holds.
    pub(crate) fn list(&mut self, fun: &mut Fun<'a>, list: Value, elements: &'a [Element], at: Location) {
        if elements.iter().all(|e| fun.tree(e.value).is_empty()) {
            return;
        }
        let mut before = Arguments::default();
        for element in elements {
            let entries = self.read(fun, element.value, at);
            if element.spread {
                self.put_all(fun, list, &entries, &before, list);
                self.read_list(fun, element.value, at, &mut { MAX_PARTS }, &mut before);
            } else {
                self.put_argument(fun, list, before.shift(Elem::Index(0)), &entries, before.role(), list);
                before.push(self.argument_text(fun, element.value).as_deref());
            }
        }
    }

    /// Data is appended to a list by a method of it; whether the call is one.
    pub(crate) fn append(
        &mut self,
        fun: &mut Fun<'a>,
        call: Value,
        list: Value,
        entries: &[Entry],
        at: Location,
    ) -> bool {
        let Op::Call { func, .. } = fun.function.op(call) else { return false };
        let Op::Attr(_, name) = fun.function.op(*func) else { return false };
        let one = match self.program().strings.resolve(*name) {
            "append" => true,
            "extend" => false,
            _ => return false,
        };
        if entries.is_empty() {
            return true;
        }
        let before = self.arguments_in(fun, list, at);
        let (elem, role) = match (one, before.role()) {
            (true, role) => (Elem::Index(0), role),
            (false, Role::Operand) => (Elem::Element, Role::Operand),
            (false, _) => (Elem::Element, Role::Any),
        };
        let had = fun.tree(list).entries.len();
        self.put_argument(fun, list, before.shift(elem), entries, role, call);
        let added: SmallVec<[Entry; 4]> = fun.tree(list).entries[had..].iter().copied().collect();
        self.change_root(fun, list, &added, call, 0);
        true
    }

    /// What the argument at `position` of a call is, for functions that get a program's arguments one by one.
    pub(crate) fn role_of_argument(&self, fun: &Fun<'a>, args: &[Arg], position: u32, at: Location) -> Role {
        let mut read = Arguments::default();
        let positional = args.iter().take_while(|a| a.kind == ArgKind::Positional || a.kind == ArgKind::Spread);
        for (index, arg) in (0..).zip(positional) {
            if arg.kind == ArgKind::Spread {
                self.read_list(fun, arg.value, at, &mut { MAX_PARTS }, &mut read);
            } else if index == position {
                return read.role();
            } else {
                read.push(self.argument_text(fun, arg.value).as_deref());
            }
        }
        Role::Any
    }

    /// What the arguments that `spread` stands for are: `program("--", *names)`.
    pub(crate) fn role_of_spread(&self, fun: &Fun<'a>, args: &[Arg], spread: Value, at: Location) -> Role {
        let mut read = Arguments::default();
        for arg in args.iter().take_while(|a| a.kind == ArgKind::Positional || a.kind == ArgKind::Spread) {
            if arg.kind == ArgKind::Positional {
                read.push(self.argument_text(fun, arg.value).as_deref());
            } else if arg.value == spread {
                // Any other role is that of the first of them only.
                return if read.role() == Role::Operand { Role::Operand } else { Role::Any };
            } else {
                self.read_list(fun, arg.value, at, &mut { MAX_PARTS }, &mut read);
            }
        }
        Role::Any
    }

    /// The entries of an element of a list, by the role that it has there. What says what runs stands for the first
    /// element, too.
    pub(crate) fn put_argument(
        &mut self,
        fun: &mut Fun<'a>,
        list: Value,
        elem: Elem,
        entries: &[Entry],
        role: Role,
        at: Value,
    ) {
        if role == Role::Any {
            return self.put(fun, list, elem, entries, at);
        }
        let mut left: SmallVec<[Entry; 2]> = SmallVec::from_slice(entries);
        left.iter_mut().for_each(|e| e.kinds = e.kinds.minus(role.harmless()));
        self.put(fun, list, elem, &left, at);
        if role == Role::Runs {
            let command = KindSet::of(SinkKind::CommandInjection);
            left.iter_mut().for_each(|e| e.kinds = e.kinds.intersect(command));
            left.retain(|e| !e.kinds.is_empty() && self.labels.elems(e.path).is_empty());
            self.put(fun, list, Elem::Index(0), &left, at);
        }
    }

    /// Elements of one list become elements of another that they follow there: `[*first, *second]`, `first + second`.
    pub(crate) fn put_all(&mut self, fun: &mut Fun<'a>, to: Value, entries: &[Entry], before: &Arguments, at: Value) {
        for entry in entries {
            let mut entry = *entry;
            let elems: SmallVec<[Elem; 4]> = SmallVec::from_slice(self.labels.elems(entry.path));
            let (first, rest): (Elem, &[Elem]) = match &elems[..] {
                [] => (Elem::Element, &[]),
                [first, rest @ ..] => (*first, rest),
            };
            if elems.is_empty() {
                entry.origin = self.deepen(entry.origin, &[Elem::Element]);
            }
            entry.path = self.labels.path(rest);
            let role = match first {
                // Only the first element of what follows is known to be the command.
                Elem::Index(0) => before.role(),
                _ if before.operands => Role::Operand,
                _ => Role::Any,
            };
            self.put_argument(fun, to, before.shift(first), &[entry], role, at);
        }
    }
}

/// Whether steps lead into a list.
pub(crate) fn is_element(elem: Elem) -> bool {
    matches!(elem, Elem::Index(_) | Elem::Element | Elem::Later)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn roles(words: &[&str]) -> Role {
        let mut read = Arguments::default();
        for word in words {
            read.push((*word != "?").then_some(*word));
        }
        read.role()
    }

    #[test]
    fn what_an_argument_is_follows_from_those_before_it() {
        for (words, role) in [
            (&["git", "clone"][..], Role::Any),
            (&["git", "clone", "--"], Role::Operand),
            (&["git", "--", "?"], Role::Operand),
            (&["sh", "-c"], Role::Runs),
            (&["/bin/bash", "-lc"], Role::Runs),
            (&["sudo", "-n", "sh", "-ec"], Role::Runs),
            (&["su", "?", "-c"], Role::Runs),
            (&["sh", "-c", "?"], Role::Any),
            (&["sh", "--rc"], Role::Any),
            (&["tar", "-c"], Role::Any),
            (&["python3.11", "-c"], Role::Runs),
            (&["cmd.exe", "/C"], Role::Runs),
            (&["python", "-m"], Role::Any),
            (&["ssh"], Role::Any),
            (&["ssh", "?"], Role::Runs),
            (&["ssh", "-o", "BatchMode=yes", "-p22", "-qi"], Role::Any),
            (&["ssh", "-o", "BatchMode=yes", "-p22", "-qi", "?"], Role::Any),
            (&["/usr/bin/ssh", "-o", "BatchMode=yes", "-p22", "-qi", "?", "host", "ls"], Role::Runs),
            (&["rsync", "-e", "ssh", "?"], Role::Any),
        ] {
            assert_eq!(roles(words), role, "{words:?}");
        }
    }

    #[test]
    fn elements_move_behind_what_comes_before_them() {
        let mut read = Arguments::default();
        assert_eq!(read.shift(Elem::Index(0)), Elem::Index(0));
        read.push(Some("git"));
        assert_eq!(read.shift(Elem::Index(0)), Elem::Index(1));
        assert_eq!(read.shift(Elem::Element), Elem::Later);
        read.push_unknown();
        assert_eq!(read.shift(Elem::Index(0)), Elem::Later);
        let mut unknown = Arguments::default();
        unknown.push_unknown();
        assert_eq!(unknown.shift(Elem::Index(0)), Elem::Element);
    }
}
