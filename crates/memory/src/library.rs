//! What the functions of the C library do with memory, as data: `data/c.txt`, which explains its form at its head.

use crate::report::Problem;
use assay_index::FxHashMap;
use std::sync::OnceLock;

/// The data: the C library and POSIX, the interface for extensions of CPython, and other libraries.
const TEXTS: [&str; 3] =
    [include_str!("../data/c.txt"), include_str!("../data/python.txt"), include_str!("../data/libraries.txt")];

/// A number of bytes, over a call's arguments.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Size {
    /// A number.
    Constant(i128),
    /// An argument.
    Argument(usize),
    /// The bytes of the string at an argument, without its terminator.
    Length(usize),
    /// The wide characters of that string.
    Characters(usize),
    /// A sum.
    Sum(Box<Size>, Box<Size>),
    /// A product.
    Product(Box<Size>, Box<Size>),
    /// The smaller of two.
    Min(Box<Size>, Box<Size>),
}

/// What a call gives.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Gives {
    /// Nothing.
    Void,
    /// A number of its type.
    Number,
    /// A number between two.
    Between(Size, Size),
    /// A fresh object.
    New {
        /// Its size.
        size: Size,
        /// Whether it holds zeros.
        zero: bool,
        /// Whether it ends by itself.
        stack: bool,
    },
    /// An argument.
    Argument(usize),
    /// An address within the object at an argument.
    Within(usize),
    /// The address of the last element of the container at an argument.
    Last(usize),
    /// An address that is not looked into.
    Handle,
    /// That of something that has to be closed.
    Opened,
}

/// From whom data comes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Whence {
    /// Whoever sends or writes what the program reads.
    Outside,
    /// The user who starts the program.
    Local,
    /// Whoever calls the library that the program is.
    Caller,
    /// Whoever wrote the bytes at this argument.
    Argument(usize),
    /// Whoever sends the number of this argument in a fixed order of its bytes.
    Ordered(usize),
    /// Chance: every number that there is may come.
    Chance,
}

/// What is done with a file by its name.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Use {
    /// It is read or changed.
    Any,
    /// It is made, which fails where something has that name.
    Makes,
    /// It is opened, and an argument says for what: flags or a mode.
    By(usize),
}

/// A condition under which a call sets something wrong.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Wrong {
    /// An argument is this number.
    Is(usize, i128),
    /// A number has all of these bits.
    Has(usize, i128),
    /// It has none of them.
    Lacks(usize, i128),
    /// A text stands in the code.
    Written(usize),
    /// A text in the code begins with a name without a folder.
    Bare(usize),
    /// It is a path from the current folder on.
    Inside(usize),
    /// Nothing reads the result.
    Ignored,
    /// The function calls no function of that name.
    Without(String),
}

/// Something that a call does.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Effect {
    /// Is wrong, under these conditions.
    Wrong(Problem, Vec<Wrong>),
    /// Copies so many bytes between places that must not overlap.
    Apart(usize, usize, Size),
    /// Reads bytes at an argument.
    Reads(usize, Size),
    /// Writes bytes at an argument.
    Writes(usize, Size),
    /// Needs a terminated string.
    Text(usize),
    /// Leaves a string of that length; at an argument, or in the result.
    Holds(Option<usize>, Size),
    /// Leaves a string of at most that length.
    HoldsAtMost(usize, Size),
    /// Leaves bytes without a terminator.
    Unterminated(usize),
    /// Leaves anything.
    Sets(usize),
    /// Fills so many bytes with copies of a character.
    Fills(usize, usize, Size),
    /// Gives the object back.
    Frees(usize),
    /// Gives a handle back; whether there may be none.
    Closes(usize, bool),
    /// Leaves untrusted bytes.
    Taints(usize, Whence),
    /// Takes a format.
    Format(usize),
    /// Runs a command.
    Command(usize),
    /// Starts a program with the arguments from this one on; or with those in the array that it is.
    Arguments(usize, bool),
    /// Uses the file of that name.
    Path(usize, Use),
    /// Looks at the file of that name; whether it follows links.
    Checks(usize, bool),
    /// Makes a file name that can be guessed.
    Temporary,
    /// Writes without any bound.
    Unbounded(usize),
    /// Keeps an address.
    Keeps(usize),
    /// Adds an element to the end of a container.
    Pushes(usize, usize),
    /// `sprintf`: where to, and the format.
    Print(usize, usize),
    /// `snprintf`: where to, how many bytes, and the format.
    PrintBounded(usize, Size, usize),
    /// `scanf`: the format.
    Scan(usize),
    /// `PyArg_ParseTuple`: the format, and what the places to store to stand behind.
    Parse(usize, usize),
    /// Stores the address of untrusted bytes, and how many there are.
    Buffer(usize, usize),
    /// Fills in a record: where in it the address of untrusted bytes stands and where their number, and from whom they come.
    View(usize, i64, i64, Whence),
    /// Stores an untrusted number.
    Stores(usize),
    /// Gives zero when two strings are the same.
    Equal(usize, usize),
    /// Gives null when the bytes of the first argument do not have what the second says in them.
    Finds(usize, usize),
    /// Gives the number at this argument without its sign.
    Magnitude(usize),
    /// Runs a query.
    Query(usize),
    /// Makes something of that many bytes.
    Amount(usize),
    /// Uses what is there.
    Uses(usize),
    /// Waits for that long.
    Waits(usize),
    /// `strncpy`: where to, from, how many bytes.
    CopyBounded(usize, usize, Size),
    /// `strcat`: where to, from, and the bytes of a terminator.
    Append(usize, usize, Size),
    /// `strncat`: where to, from, how many bytes, and those of a terminator.
    AppendBounded(usize, usize, Size, Size),
}

/// A function of the library.
#[expect(clippy::struct_excessive_bools, reason = "each says something of its own")]
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct LibraryFunction {
    /// Its name.
    pub(crate) name: String,
    /// The number of its parameters that have names.
    pub(crate) parameters: usize,
    /// What it gives.
    pub(crate) gives: Gives,
    /// Whether an address that it gives may be null.
    pub(crate) may_fail: bool,
    /// Whether a number that it gives is its least or greatest at times.
    pub(crate) reached: bool,
    /// From whom the result comes, when it is not to be trusted.
    pub(crate) whence: Option<Whence>,
    /// Whether it never returns.
    pub(crate) noreturn: bool,
    /// Whether its result must be looked at.
    pub(crate) check: bool,
    /// Whether its result says that something was read.
    pub(crate) input: bool,
    /// What it does.
    pub(crate) effects: Vec<Effect>,
    /// Whether it is one of the C library's, or of the language's.
    pub(crate) standard: bool,
}

impl LibraryFunction {
    /// The argument that it gives back to the allocator.
    pub(crate) fn frees(&self) -> Option<usize> {
        self.effects.iter().find_map(|effect| if let Effect::Frees(at) = effect { Some(*at) } else { None })
    }
}

/// All functions.
#[derive(Debug)]
pub(crate) struct Library {
    functions: FxHashMap<String, LibraryFunction>,
}

impl Library {
    /// The library. Lines that cannot be read are left out; a test holds that there are none.
    pub(crate) fn get() -> &'static Self {
        static LIBRARY: OnceLock<Library> = OnceLock::new();
        LIBRARY.get_or_init(|| {
            let lines = TEXTS.iter().enumerate().flat_map(|(at, text)| text.lines().map(move |line| (at == 0, line)));
            let functions = lines.filter_map(|(standard, line)| {
                let function = parse(line).ok().flatten()?;
                Some((function.name.clone(), LibraryFunction { standard, ..function }))
            });
            Self { functions: functions.collect() }
        })
    }

    /// The function of that name.
    pub(crate) fn function(&'static self, name: &str) -> Option<&'static LibraryFunction> {
        self.functions.get(name)
    }
}

/// Reads a line; nothing for a comment.
fn parse(line: &str) -> Result<Option<LibraryFunction>, String> {
    let line = line.trim();
    if line.is_empty() || line.starts_with('#') {
        return Ok(None);
    }
    let (head, rest) = line.split_once(" -> ").ok_or("no result")?;
    let (name, parameters) = head.strip_suffix(')').and_then(|h| h.rsplit_once('(')).ok_or("no parameters")?;
    let names: Vec<&str> = parameters.split(", ").filter(|p| !p.is_empty() && *p != "...").collect();
    let argument = |word: &str| names.iter().position(|n| *n == word).ok_or(format!("no parameter `{word}`"));
    let mut parts = rest.split("; ");
    let result: Vec<&str> = parts.next().unwrap_or_default().split(' ').collect();
    let mut out = LibraryFunction {
        name: name.to_owned(),
        parameters: names.len(),
        gives: Gives::Void,
        may_fail: false,
        reached: false,
        whence: None,
        noreturn: false,
        check: false,
        input: false,
        effects: Vec::new(),
        standard: false,
    };
    let mut words = result.iter().copied();
    out.gives = match words.next().unwrap_or_default() {
        "void" => Gives::Void,
        "int" => Gives::Number,
        "handle" => Gives::Handle,
        "opened" => Gives::Opened,
        "last" => Gives::Last(argument(words.next().unwrap_or_default())?),
        "in" => Gives::Within(argument(words.next().unwrap_or_default())?),
        "new" => Gives::New { size: size(words.next().unwrap_or_default(), &names)?, zero: false, stack: false },
        word => match word.split_once("..") {
            Some((low, high)) => Gives::Between(size(low, &names)?, size(high, &names)?),
            None => Gives::Argument(argument(word)?),
        },
    };
    while let Some(word) = words.next() {
        match (word, &mut out.gives) {
            ("or", _) if words.next() == Some("null") => out.may_fail = true,
            ("tainted", _) => out.whence = Some(Whence::Outside),
            ("caller", _) => out.whence = Some(Whence::Caller),
            ("local", _) => out.whence = Some(Whence::Local),
            ("reached", _) => out.reached = true,
            ("any", _) => out.whence = Some(Whence::Chance),
            ("ordered", _) => out.whence = Some(Whence::Ordered(argument(words.next().unwrap_or_default())?)),
            ("from", _) => out.whence = Some(Whence::Argument(argument(words.next().unwrap_or_default())?)),
            ("zero", Gives::New { zero, .. }) => *zero = true,
            ("stack", Gives::New { stack, .. }) => *stack = true,
            _ => return Err(format!("unknown word `{word}`")),
        }
    }
    for clause in parts {
        let words: Vec<&str> = clause.split(' ').collect();
        let effect = match words.as_slice() {
            ["noreturn"] => {
                out.noreturn = true;
                continue;
            }
            ["check"] => {
                out.check = true;
                continue;
            }
            ["input"] => {
                out.input = true;
                continue;
            }
            ["wrong", what, tests @ ..] => {
                let tests: Result<Vec<Wrong>, String> = tests.iter().map(|test| condition(test, &names)).collect();
                Effect::Wrong(setting(what)?, tests?)
            }
            ["apart", to, from, n] => Effect::Apart(argument(to)?, argument(from)?, size(n, &names)?),
            ["temporary"] => Effect::Temporary,
            ["reads", p, n] => Effect::Reads(argument(p)?, size(n, &names)?),
            ["writes", p, n] => Effect::Writes(argument(p)?, size(n, &names)?),
            ["string", p] => Effect::Text(argument(p)?),
            ["text", "result", n] => Effect::Holds(None, size(n, &names)?),
            ["text", p, n] => Effect::Holds(Some(argument(p)?), size(n, &names)?),
            ["text", p, "at", "most", n] => Effect::HoldsAtMost(argument(p)?, size(n, &names)?),
            ["unterminated", p] => Effect::Unterminated(argument(p)?),
            ["sets", p] => Effect::Sets(argument(p)?),
            ["fill", p, c, n] => Effect::Fills(argument(p)?, argument(c)?, size(n, &names)?),
            ["frees", p] => Effect::Frees(argument(p)?),
            ["closes", p] => Effect::Closes(argument(p)?, false),
            ["closes", p, "or", "null"] => Effect::Closes(argument(p)?, true),
            ["uses", p] => Effect::Uses(argument(p)?),
            ["waits", p] => Effect::Waits(argument(p)?),
            ["amount", p] => Effect::Amount(argument(p)?),
            ["taints", p] => Effect::Taints(argument(p)?, Whence::Outside),
            ["taints", p, "local"] => Effect::Taints(argument(p)?, Whence::Local),
            ["format", p] => Effect::Format(argument(p)?),
            ["command", p] => Effect::Command(argument(p)?),
            ["arguments", p] => Effect::Arguments(argument(p)?, false),
            ["arguments", "in", p] => Effect::Arguments(argument(p)?, true),
            ["path", p] => Effect::Path(argument(p)?, Use::Any),
            ["path", p, "new"] => Effect::Path(argument(p)?, Use::Makes),
            ["path", p, "by", how] => Effect::Path(argument(p)?, Use::By(argument(how)?)),
            ["checks", p] => Effect::Checks(argument(p)?, false),
            ["checks", p, "behind", "links"] => Effect::Checks(argument(p)?, true),
            ["unbounded", p] => Effect::Unbounded(argument(p)?),
            ["keeps", p] => Effect::Keeps(argument(p)?),
            ["pushes", p, v] => Effect::Pushes(argument(p)?, argument(v)?),
            ["print", p, f] => Effect::Print(argument(p)?, argument(f)?),
            ["printn", p, n, f] => Effect::PrintBounded(argument(p)?, size(n, &names)?, argument(f)?),
            ["scan", f] => Effect::Scan(argument(f)?),
            ["parse", f, first] => Effect::Parse(argument(f)?, argument(first)?),
            ["buffer", p, n] => Effect::Buffer(argument(p)?, argument(n)?),
            ["view", p, data, size] | ["view", p, data, size, "outside"] => {
                let number = |word: &str| word.parse().map_err(|_| format!("no number `{word}`"));
                let whence = if words.len() == 5 { Whence::Outside } else { Whence::Caller };
                Effect::View(argument(p)?, number(data)?, number(size)?, whence)
            }
            ["number", p] => Effect::Stores(argument(p)?),
            ["equal", a, b] => Effect::Equal(argument(a)?, argument(b)?),
            ["finds", s, what] => Effect::Finds(argument(s)?, argument(what)?),
            ["magnitude", p] => Effect::Magnitude(argument(p)?),
            ["query", p] => Effect::Query(argument(p)?),
            ["copy", p, from, n] => Effect::CopyBounded(argument(p)?, argument(from)?, size(n, &names)?),
            ["append", p, from] => Effect::Append(argument(p)?, argument(from)?, Size::Constant(1)),
            ["append", p, from, end] => Effect::Append(argument(p)?, argument(from)?, size(end, &names)?),
            ["nappend", p, from, n] => {
                Effect::AppendBounded(argument(p)?, argument(from)?, size(n, &names)?, Size::Constant(1))
            }
            ["nappend", p, from, n, end] => {
                Effect::AppendBounded(argument(p)?, argument(from)?, size(n, &names)?, size(end, &names)?)
            }
            _ => return Err(format!("unknown clause `{clause}`")),
        };
        out.effects.push(effect);
    }
    Ok(Some(out))
}

/// What is set wrong.
fn setting(word: &str) -> Result<Problem, String> {
    Ok(match word {
        "unverified" => Problem::Unverified,
        "protocol" => Problem::OldProtocol,
        "hash" => Problem::WeakHash,
        "cipher" => Problem::WeakCipher,
        "rights" => Problem::OpenRights,
        "search" => Problem::SearchPath,
        "secret" => Problem::WrittenSecret,
        "random" => Problem::Predictable,
        "jail" => Problem::Jail,
        _ => return Err(format!("unknown setting `{word}`")),
    })
}

/// Reads a condition.
fn condition(text: &str, names: &[&str]) -> Result<Wrong, String> {
    if text == "ignored" {
        return Ok(Wrong::Ignored);
    }
    if let Some(name) = text.strip_prefix("without:") {
        return Ok(Wrong::Without(name.to_owned()));
    }
    let at = text.find(['=', '&', '!', ':']).ok_or(format!("no condition `{text}`"))?;
    let (name, rest) = text.split_at(at);
    let argument = names.iter().position(|n| *n == name).or_else(|| name.parse().ok());
    let argument = argument.ok_or(format!("no parameter `{name}`"))?;
    let (sign, value) = rest.split_at(1);
    let number = || value.parse::<i128>().map_err(|_| format!("no number `{value}`"));
    Ok(match (sign, value) {
        ("=", _) => Wrong::Is(argument, number()?),
        ("&", _) => Wrong::Has(argument, number()?),
        ("!", _) => Wrong::Lacks(argument, number()?),
        (":", "written") => Wrong::Written(argument),
        (":", "bare") => Wrong::Bare(argument),
        (":", "inside") => Wrong::Inside(argument),
        _ => return Err(format!("unknown condition `{text}`")),
    })
}

/// Reads a size.
fn size(text: &str, names: &[&str]) -> Result<Size, String> {
    // The last `+` outside of brackets, then the last `*`.
    let split = |sign: char| {
        let mut depth = 0;
        let mut found = None;
        for (at, c) in text.char_indices() {
            match c {
                '(' => depth += 1,
                ')' => depth -= 1,
                c if c == sign && depth == 0 => found = Some(at),
                _ => {}
            }
        }
        found.map(|at| (&text[..at], &text[at + 1..]))
    };
    if let Some((a, b)) = split('+') {
        return Ok(Size::Sum(Box::new(size(a, names)?), Box::new(size(b, names)?)));
    }
    if let Some((a, b)) = split('*') {
        return Ok(Size::Product(Box::new(size(a, names)?), Box::new(size(b, names)?)));
    }
    if let Ok(number) = text.parse() {
        return Ok(Size::Constant(number));
    }
    let argument = |word: &str| names.iter().position(|n| *n == word).ok_or(format!("no parameter `{word}`"));
    if let Some(inner) = text.strip_prefix("len(").and_then(|t| t.strip_suffix(')')) {
        return Ok(Size::Length(argument(inner)?));
    }
    if let Some(inner) = text.strip_prefix("chars(").and_then(|t| t.strip_suffix(')')) {
        return Ok(Size::Characters(argument(inner)?));
    }
    if let Some((a, b)) = text.strip_prefix("min(").and_then(|t| t.strip_suffix(')')).and_then(|t| t.rsplit_once(',')) {
        return Ok(Size::Min(Box::new(size(a, names)?), Box::new(size(b, names)?)));
    }
    Ok(Size::Argument(argument(text)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_read_and_no_name_stands_twice() {
        let mut names = Vec::new();
        for (number, line) in TEXTS.iter().flat_map(|text| text.lines().enumerate()) {
            match parse(line) {
                Ok(Some(function)) => names.push(function.name),
                Ok(None) => {}
                Err(message) => panic!("line {}: {message}: {line}", number + 1),
            }
        }
        let count = names.len();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), count);
    }

    #[test]
    fn sizes_are_read_with_the_usual_precedence() {
        let names = ["s", "n"];
        let sum = size("len(s)+1", &names).expect("it is good");
        assert_eq!(sum, Size::Sum(Box::new(Size::Length(0)), Box::new(Size::Constant(1))));
        assert!(matches!(size("min(len(s)+1,n)", &names), Ok(Size::Min(..))));
        assert!(matches!(size("n*n+1", &names), Ok(Size::Sum(..))));
        assert!(size("m", &names).is_err());
    }
}
