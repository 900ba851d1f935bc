use super::dangers::{Constraint, is_harmless};
use super::via::Derivation;
use super::{MatchMethod, harmless_by_construction};
use crate::regex::tests::{method, pattern};
use crate::regex::{CharSet, Flags, Language, parse};
use crate::{Context, NoOracle};
use assay_index::{Idx, Interner};
use assay_ir::{Arg, ArgKind, BlockId, Const, Function, FunctionBuilder, FunctionKind, Op, Value};
use assay_text::Span;
use proptest::prelude::*;

/// Whether a text does harm, said without regard to how constraints are reasoned about.
fn does_harm(kind: &str, text: &str) -> bool {
    match kind {
        "sql-injection" => text.contains(['\'', '"', ';', ' ', '\n', '(', '=', '#']) || text.contains("--"),
        "command-injection" => text.contains([';', '|', '&', '$', '`', '\n', ' ', '\'', '"', '>']),
        "html-injection" => text.contains(['<', '>', '"', '\'', '&']),
        "header-injection" | "log-injection" | "config-injection" => text.contains(['\n', '\r']),
        "path-injection" => text.starts_with('/') || text.split('/').any(|part| part == ".."),
        "argument-injection" => text.starts_with('-'),
        "url-redirection" => {
            text.starts_with("//") || text.starts_with("/\\") || text.starts_with('\\') || text.contains("a://")
        }
        _ => false,
    }
}

const KINDS: &[&str] = &[
    "sql-injection",
    "command-injection",
    "html-injection",
    "header-injection",
    "log-injection",
    "config-injection",
    "path-injection",
    "argument-injection",
    "url-redirection",
];

/// Patterns with the characters that matter here.
fn telling_pattern() -> impl Strategy<Value = String> {
    prop_oneof![
        pattern(),
        pattern().prop_map(|p| p.replace("\\s", "[./]").replace('b', "/")),
        pattern().prop_map(|p| p.replace('b', "\\.")),
        "\\^?\\[[a./'-]{1,3}-\\]\\{1,3\\}(\\$|\\\\Z)?",
        "(\\(\\?!\\.\\*\\\\\\.\\\\\\.\\))\\[a\\./\\]\\+",
    ]
}

/// One constraint, and whether a text fulfils it.
#[derive(Clone, Debug)]
enum Check {
    Regex(String, MatchMethod),
    Alphabet(String),
    Without(String),
    Starts(String),
    NotStarts(String),
}

impl Check {
    fn holds(&self, text: &str) -> bool {
        match self {
            Self::Regex(p, m) => parse(p, Flags::NONE).expect("valid").matches(*m, text) == Some(true),
            Self::Alphabet(set) => text.chars().all(|c| set.contains(c)),
            Self::Without(part) => !text.contains(part.as_str()),
            Self::Starts(head) => text.starts_with(head.as_str()),
            Self::NotStarts(head) => !text.starts_with(head.as_str()),
        }
    }

    fn constraint(&self) -> Constraint {
        match self {
            Self::Regex(p, m) => {
                Constraint::Language(Box::new(Language::new(&parse(p, Flags::NONE).expect("valid"), *m)))
            }
            Self::Alphabet(set) => Constraint::Alphabet(CharSet::of_text(set)),
            Self::Without(part) => Constraint::Without(part.clone()),
            Self::Starts(head) => Constraint::Starts(vec![head.clone()]),
            Self::NotStarts(head) => Constraint::NotStarts(head.clone()),
        }
    }
}

fn check() -> impl Strategy<Value = Check> {
    prop_oneof![
        3 => (telling_pattern(), method())
            .prop_filter("valid", |(p, _)| parse(p, Flags::NONE).is_ok())
            .prop_map(|(p, m)| Check::Regex(p, m)),
        1 => "[a-b/.'\n-]{0,4}".prop_map(Check::Alphabet),
        1 => "[/.'\n-]{1,2}".prop_map(Check::Without),
        1 => "[a/]{1,2}".prop_map(Check::Starts),
        1 => "[/\\\\-]{1,2}".prop_map(Check::NotStarts),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4000, ..ProptestConfig::default() })]

    #[test]
    fn what_passes_sufficient_checks_does_no_harm(
        checks in prop::collection::vec(check(), 1..4),
        text in "[ab./'\n -]{0,5}|[./]{1,4}|-{1,2}a?",
        made in 0..3u8,
    ) {
        let removed = (made == 2).then(|| CharSet::one('-'));
        let derivation = Derivation::Text { changed: made > 0, stripped: made == 1, removed };
        let tested = match made {
            1 => text.trim().to_owned(),
            2 => text.replace('-', ""),
            _ => text.clone(),
        };
        let passes = checks.iter().all(|c| c.holds(&tested));
        let constraints: Vec<Constraint> = checks.iter().filter_map(|c| derivation.apply(c.constraint())).collect();
        for kind in KINDS {
            let harmless = is_harmless(kind, &|d| constraints.iter().any(|c| c.excludes(d)));
            prop_assert!(!(passes && harmless && does_harm(kind, &text)), "{kind}: {checks:?} lets {text:?} pass");
        }
    }
}

#[test]
fn sufficient_checks_are_recognised() {
    let harmless = |kind: &str, checks: &[Check]| {
        let constraints: Vec<Constraint> = checks.iter().map(Check::constraint).collect();
        is_harmless(kind, &|d| constraints.iter().any(|c| c.excludes(d)))
    };
    let words = Check::Regex("[a-z]+".to_owned(), MatchMethod::FullMatch);
    for kind in KINDS {
        assert!(harmless(kind, std::slice::from_ref(&words)), "{kind}");
        assert!(!harmless(kind, &[Check::Starts("a".to_owned())]) || *kind == "argument-injection", "{kind}");
    }
    let no_dots = Check::Without("..".to_owned());
    assert!(harmless("path-injection", &[no_dots.clone(), Check::NotStarts("/".to_owned())]));
    assert!(!harmless("path-injection", &[no_dots]));
    assert!(!harmless("no-such-kind", &[words]));
}

/// One step of making a text from another.
#[derive(Clone, Debug)]
enum Step {
    Replace(String, String),
    Strip,
    LeftStrip(String),
    Lower,
    FirstOfSplit(String),
    LastOfRightSplit(String),
    FirstLine,
    BaseName,
    JoinWords(String),
    Otherwise(String),
}

impl Step {
    fn run(&self, text: &str, other_way: bool) -> String {
        match self {
            Self::Replace(from, to) => text.replace(from.as_str(), to),
            Self::Strip => text.trim().to_owned(),
            Self::LeftStrip(chars) => text.trim_start_matches(|c| chars.contains(c)).to_owned(),
            Self::Lower => text.to_lowercase(),
            Self::FirstOfSplit(mark) => text.split(mark.as_str()).next().unwrap_or_default().to_owned(),
            Self::LastOfRightSplit(mark) => text.rsplit(mark.as_str()).next().unwrap_or_default().to_owned(),
            Self::FirstLine => text.split(['\n', '\r']).next().unwrap_or_default().to_owned(),
            Self::BaseName => text.rsplit('/').next().unwrap_or_default().to_owned(),
            Self::JoinWords(mark) => text.split_whitespace().collect::<Vec<_>>().join(mark),
            Self::Otherwise(instead) => {
                if other_way {
                    instead.clone()
                } else {
                    text.to_owned()
                }
            }
        }
    }
}

fn step() -> impl Strategy<Value = Step> {
    let small = || "[ab./'\n -]{1,2}";
    prop_oneof![
        3 => (small(), "[ab./' -]{0,2}").prop_map(|(a, b)| Step::Replace(a, b)),
        1 => Just(Step::Strip),
        1 => "[/. -]{1,2}".prop_map(Step::LeftStrip),
        1 => Just(Step::Lower),
        1 => small().prop_map(Step::FirstOfSplit),
        1 => small().prop_map(Step::LastOfRightSplit),
        1 => Just(Step::FirstLine),
        1 => Just(Step::BaseName),
        1 => "[ab /-]{0,2}".prop_map(Step::JoinWords),
        1 => "[ab./]{0,3}".prop_map(Step::Otherwise),
    ]
}

/// The code of the steps, from a parameter on.
struct Code {
    builder: FunctionBuilder,
    strings: Interner,
}

impl Code {
    fn push(&mut self, op: Op) -> Value {
        self.builder.push(op, Span::default())
    }

    fn text(&mut self, text: &str) -> Value {
        let symbol = self.strings.intern(text);
        self.push(Op::Const(Const::Str(symbol)))
    }

    fn method(&mut self, receiver: Value, name: &str, args: &[Value]) -> Value {
        let symbol = self.strings.intern(name);
        let func = self.push(Op::Attr(receiver, symbol));
        let args = args.iter().map(|v| Arg { kind: ArgKind::Positional, value: *v }).collect();
        self.push(Op::Call { func, args })
    }

    fn item(&mut self, base: Value, index: i64) -> Value {
        let index = self.push(Op::Const(Const::Int(index)));
        self.push(Op::Item(base, index))
    }

    fn step(&mut self, from: Value, step: &Step) -> Value {
        match step {
            Step::Replace(a, b) => {
                let (a, b) = (self.text(a), self.text(b));
                self.method(from, "replace", &[a, b])
            }
            Step::Strip => self.method(from, "strip", &[]),
            Step::LeftStrip(chars) => {
                let chars = self.text(chars);
                self.method(from, "lstrip", &[chars])
            }
            Step::Lower => self.method(from, "lower", &[]),
            Step::FirstOfSplit(mark) => {
                let (mark, one) = (self.text(mark), self.push(Op::Const(Const::Int(1))));
                let list = self.method(from, "split", &[mark, one]);
                self.item(list, 0)
            }
            Step::LastOfRightSplit(mark) => {
                let (mark, one) = (self.text(mark), self.push(Op::Const(Const::Int(1))));
                let list = self.method(from, "rsplit", &[mark, one]);
                self.item(list, -1)
            }
            Step::FirstLine => {
                let list = self.method(from, "splitlines", &[]);
                self.item(list, 0)
            }
            Step::BaseName => {
                let (os, path) = (self.strings.intern("os"), self.strings.intern("path"));
                let module = self.push(Op::Global(os));
                let module = self.push(Op::Attr(module, path));
                self.method(module, "basename", &[from])
            }
            Step::JoinWords(mark) => {
                let list = self.method(from, "split", &[]);
                let mark = self.text(mark);
                self.method(mark, "join", &[list])
            }
            Step::Otherwise(instead) => {
                let instead = self.text(instead);
                let block = BlockId::new(0);
                self.push(Op::Phi(vec![(block, from), (block, instead)]))
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4000, ..ProptestConfig::default() })]

    #[test]
    fn what_is_harmless_by_construction_does_no_harm(
        steps in prop::collection::vec((step(), any::<bool>()), 1..5),
        text in "[ab./'\n -]{0,8}|[./]{1,6}",
    ) {
        let mut strings = Interner::new();
        let name = strings.intern("f");
        let function = Function::empty(name, name, FunctionKind::Named, None, Span::default(), Span::default());
        let mut code = Code { builder: FunctionBuilder::new(function), strings };
        let mut value = code.push(Op::Param(0));
        let mut result = text;
        for (step, other_way) in &steps {
            value = code.step(value, step);
            result = step.run(&result, *other_way);
        }
        let Code { builder, strings } = code;
        let function = builder.function();
        let cx = Context::new(function, &strings, &NoOracle);
        for kind in harmless_by_construction(&cx, value, KINDS) {
            prop_assert!(!does_harm(kind, &result), "{kind}: {steps:?} leave {result:?}");
        }
    }
}
