//! Whether a condition holds.
//!
//! What a build would have defined is guessed by the name, always alike: names that ask for something to be there
//! (`HAVE_STRLCPY`, `ENABLE_IPV6`) are taken as 1, and those of other systems, of tests and of what is left out, as not defined. The version
//! of a library that is not there is the newest.

use super::{Preprocessor, Slot, Token};
use crate::lex::Kind;
use crate::words::Word;

/// Whether a condition holds, and whether that is known.
#[derive(Clone, Copy, Debug)]
pub(super) struct Truth {
    pub(super) holds: bool,
    pub(super) certain: bool,
}

/// Parts of names of what is not there: other systems, and what a build leaves out by default.
const ABSENT: [&str; 52] = [
    "MACOS",
    "INCLUDED",
    "CARBON",
    "WIN32",
    "WIN64",
    "WINDOWS",
    "WINSOCK",
    "MSC_VER",
    "MINGW",
    "CYGWIN",
    "MSDOS",
    "DJGPP",
    "BORLAND",
    "WATCOM",
    "APPLE",
    "MACH",
    "DARWIN",
    "FREEBSD",
    "NETBSD",
    "OPENBSD",
    "DRAGONFLY",
    "SUNOS",
    "SOLARIS",
    "HPUX",
    "_AIX",
    "AMIGA",
    "OS400",
    "VXWORKS",
    "RISCOS",
    "NETWARE",
    "SYMBIAN",
    "ANDROID",
    "HAIKU",
    "EBCDIC",
    "VMS",
    "TANDEM",
    "OS2",
    "UEFI",
    "NO_",
    "DISABLE",
    "OMIT",
    "WITHOUT",
    "DEBUG",
    "TRACE",
    "_TEST",
    "TEST_",
    "COVERAGE",
    "FUZZ",
    "SANITIZE",
    "LINT",
    "BROKEN",
    "WOLFSSL",
];

/// Names of other systems and compilers: that they are not defined is certain.
const OTHER_SYSTEM: [&str; 20] = [
    "_WIN32",
    "WIN32",
    "_WIN64",
    "_MSC_VER",
    "__APPLE__",
    "__MINGW32__",
    "__CYGWIN__",
    "__FreeBSD__",
    "__NetBSD__",
    "__OpenBSD__",
    "__sun",
    "__hpux",
    "_AIX",
    "__VMS",
    "MSDOS",
    "__OS2__",
    "__BORLANDC__",
    "__EMX__",
    "__BEOS__",
    "__TANDEM",
];

/// Parts of names that ask for something to be there.
const PRESENT: [&str; 12] = [
    "HAVE_",
    "HAS_",
    "ENABLE_",
    "_ENABLED",
    "USE_",
    "WITH_",
    "CONFIG_",
    "_SUPPORT",
    "SUPPORT_",
    "STDC_HEADERS",
    "UNIX",
    "LINUX",
];

/// Whether a build would define a name that nothing defines.
fn guess(name: &str) -> bool {
    let upper = name.to_ascii_uppercase();
    let guards_header = upper.trim_end_matches('_').ends_with("_H") && !upper.starts_with("HAVE_");
    // A part counts where a word begins.
    let begins = |part: &str, at: usize| at == 0 || part.starts_with('_') || upper[..at].ends_with('_');
    let asks = |part: &&str| upper.match_indices(*part).any(|(at, _)| begins(part, at));
    !guards_header && !ABSENT.iter().any(|part| upper.contains(part)) && PRESENT.iter().any(asks)
}

/// What stands for the version of a library that is not there: above every version that code asks for.
const NEWEST: i128 = i64::MAX as i128;

/// Whether a name is that of a library's version, and the library is one that a build would have.
fn says_version(name: &str) -> bool {
    let upper = name.to_ascii_uppercase();
    let other = ["LIBRESSL", "BORINGSSL", "COMPILER"].iter().chain(&ABSENT).any(|part| upper.contains(part));
    !other && upper.split('_').any(|word| matches!(word, "VERSION" | "VER" | "VERNUM"))
}

/// Whether a macro with arguments asks for a version of a library, or a later one: `GLIB_CHECK_VERSION(2, 4, 0)`.
fn asks_version(name: &str) -> bool {
    let upper = name.to_ascii_uppercase();
    says_version(name) && ["CHECK", "ATLEAST", "AT_LEAST", "PREREQ", "_GE"].iter().any(|word| upper.contains(word))
}

/// Whether it is certain that a name is not defined.
fn certainly_absent(name: &str) -> bool {
    OTHER_SYSTEM.contains(&name) || name.starts_with("__")
}

impl Preprocessor<'_> {
    pub(super) fn defined(&mut self, name: Option<&Token>) -> Truth {
        let Some(name) = name.filter(|token| token.is(Kind::Ident)) else {
            return Truth { holds: false, certain: true };
        };
        match self.slot(name.name) {
            Slot::Defined(_) => Truth { holds: true, certain: true },
            Slot::Undefined => Truth { holds: false, certain: true },
            Slot::None | Slot::Unasked => {
                let text = self.strings.resolve(name.name);
                Truth { holds: guess(text), certain: certainly_absent(text) }
            }
        }
    }

    pub(super) fn not_defined(&mut self, name: Option<&Token>) -> Truth {
        let truth = self.defined(name);
        Truth { holds: !truth.holds, certain: truth.certain }
    }

    /// The condition of `#if` or `#elif`.
    pub(super) fn condition(&mut self, line: &[Token]) -> Truth {
        let (mut tokens, mut at) = (Vec::with_capacity(line.len()), 0);
        let mut certain = true;
        // `defined` and its like look at names before macros are expanded.
        while let Some(token) = line.get(at) {
            at += 1;
            let has_include = [Word::HasInclude, Word::HasIncludeNext].iter().any(|word| word.symbol() == token.name);
            if token.name != Word::Defined.symbol() && !has_include {
                tokens.push(*token);
                continue;
            }
            let open = line.get(at).is_some_and(|next| next.is(Kind::LParen));
            at += usize::from(open);
            let holds = if has_include {
                let end = line[at..].iter().position(|t| t.is(Kind::RParen)).map_or(line.len(), |end| at + end);
                at = end;
                true
            } else {
                let truth = self.defined(line.get(at));
                at += 1;
                certain &= truth.certain;
                truth.holds
            };
            at += usize::from(open && line.get(at).is_some_and(|next| next.is(Kind::RParen)));
            let name = self.strings.intern(if holds { "1" } else { "0" });
            tokens.push(Token { kind: Kind::Number, name, ..*token });
        }
        self.expanded = 0;
        let tokens = self.expand_list(tokens.into());
        let mut evaluation = Evaluation { preprocessor: self, tokens: &tokens, at: 0, certain, depth: 0 };
        let value = evaluation.ternary();
        Truth { holds: value != 0, certain: evaluation.certain }
    }
}

struct Evaluation<'e, 'a> {
    preprocessor: &'e Preprocessor<'a>,
    tokens: &'e [Token],
    at: usize,
    certain: bool,
    depth: usize,
}

/// Parentheses and operators within each other in a condition.
const MAX_DEPTH: usize = 200;

impl Evaluation<'_, '_> {
    fn peek(&self) -> Kind {
        self.tokens.get(self.at).map_or(Kind::End, |token| token.kind)
    }

    fn eat(&mut self, kind: Kind) -> bool {
        let found = self.peek() == kind;
        self.at += usize::from(found);
        found
    }

    fn ternary(&mut self) -> i128 {
        let condition = self.binary(0);
        if !self.eat(Kind::Question) || self.depth > MAX_DEPTH {
            return condition;
        }
        self.depth += 1;
        let then = self.ternary();
        self.eat(Kind::Colon);
        let otherwise = self.ternary();
        self.depth -= 1;
        if condition == 0 { otherwise } else { then }
    }

    fn binary(&mut self, least: u8) -> i128 {
        let mut left = self.unary();
        loop {
            let operator = self.peek();
            let level = match operator {
                Kind::OrOr => 1,
                Kind::AndAnd => 2,
                Kind::Pipe => 3,
                Kind::Caret => 4,
                Kind::Amp => 5,
                Kind::EqEq | Kind::NotEq => 6,
                Kind::Lt | Kind::Gt | Kind::Le | Kind::Ge => 7,
                Kind::Shl | Kind::Shr => 8,
                Kind::Plus | Kind::Minus => 9,
                Kind::Star | Kind::Slash | Kind::Percent => 10,
                _ => return left,
            };
            if level <= least || self.depth > MAX_DEPTH {
                return left;
            }
            self.at += 1;
            self.depth += 1;
            let right = self.binary(level);
            self.depth -= 1;
            left = apply(operator, left, right);
        }
    }

    fn unary(&mut self) -> i128 {
        if self.depth > MAX_DEPTH {
            return 0;
        }
        self.depth += 1;
        let value = match self.peek() {
            Kind::Not => {
                self.at += 1;
                i128::from(self.unary() == 0)
            }
            Kind::Minus => {
                self.at += 1;
                self.unary().wrapping_neg()
            }
            Kind::Plus => {
                self.at += 1;
                self.unary()
            }
            Kind::Tilde => {
                self.at += 1;
                !self.unary()
            }
            Kind::LParen => {
                self.at += 1;
                let value = self.ternary();
                self.eat(Kind::RParen);
                value
            }
            Kind::End => 0,
            kind => {
                let text = self.preprocessor.strings.resolve(self.tokens[self.at].name);
                self.at += 1;
                match kind {
                    Kind::Number => crate::literal::integer(text).map_or(0, |number| i128::from(number.value)),
                    Kind::Char => i128::from(crate::literal::character(text)),
                    Kind::Ident => self.name(text),
                    _ => 0,
                }
            }
        };
        self.depth -= 1;
        value
    }

    /// A name that is no macro: 0, unless a build would define it.
    fn name(&mut self, text: &str) -> i128 {
        if text == "true" {
            return 1;
        }
        // What is used like a function asks the compiler.
        if self.eat(Kind::LParen) {
            let mut depth = 1_usize;
            while depth > 0 && self.at < self.tokens.len() {
                match self.peek() {
                    Kind::LParen => depth += 1,
                    Kind::RParen => depth -= 1,
                    _ => {}
                }
                self.at += 1;
            }
            return i128::from(text.starts_with("__has_") || asks_version(text));
        }
        self.certain &= certainly_absent(text);
        if says_version(text) && self.is_compared() { NEWEST } else { i128::from(guess(text)) }
    }

    /// Whether the name that was just read is compared with something.
    fn is_compared(&self) -> bool {
        let beside = [Some(self.peek()), self.at.checked_sub(2).map(|at| self.tokens[at].kind)];
        beside.into_iter().flatten().any(|kind| matches!(kind, Kind::Lt | Kind::Gt | Kind::Le | Kind::Ge))
    }
}

fn apply(operator: Kind, left: i128, right: i128) -> i128 {
    let shift = u32::try_from(right.clamp(0, 127)).unwrap_or(0);
    match operator {
        Kind::OrOr => i128::from(left != 0 || right != 0),
        Kind::AndAnd => i128::from(left != 0 && right != 0),
        Kind::Pipe => left | right,
        Kind::Caret => left ^ right,
        Kind::Amp => left & right,
        Kind::EqEq => i128::from(left == right),
        Kind::NotEq => i128::from(left != right),
        Kind::Lt => i128::from(left < right),
        Kind::Gt => i128::from(left > right),
        Kind::Le => i128::from(left <= right),
        Kind::Ge => i128::from(left >= right),
        Kind::Shl => left.wrapping_shl(shift),
        Kind::Shr => left.wrapping_shr(shift),
        Kind::Plus => left.wrapping_add(right),
        Kind::Minus => left.wrapping_sub(right),
        Kind::Star => left.wrapping_mul(right),
        Kind::Slash => left.checked_div(right).unwrap_or(0),
        _ => left.checked_rem(right).unwrap_or(0),
    }
}
