//! What the headers of the system declare, name by name.
//!
//! `data/prelude.h` is a list of declarations and macros in C. A unit reads the one that declares a name when it meets
//! the name and nothing in the project declared it, whichever header it would have had to include.

use assay_index::FxHashMap;
use std::sync::LazyLock;

/// The headers of the system, the one by which extensions of CPython are written, and those of libraries.
const TEXTS: [&str; 3] =
    [include_str!("../data/prelude.h"), include_str!("../data/python.h"), include_str!("../data/libraries.h")];

/// What every compiler of C defines here.
pub(crate) const C_MACROS: &[(&str, &str)] = &[
    ("__STDC__", "1"),
    ("__STDC_VERSION__", "201710L"),
    ("__STDC_HOSTED__", "1"),
    ("__GNUC__", "12"),
    ("__GNUC_MINOR__", "2"),
    ("__linux__", "1"),
    ("__linux", "1"),
    ("linux", "1"),
    ("__gnu_linux__", "1"),
    ("__GLIBC__", "2"),
    ("__GLIBC_MINOR__", "36"),
    ("__unix__", "1"),
    ("__unix", "1"),
    ("unix", "1"),
    ("__x86_64__", "1"),
    ("__x86_64", "1"),
    ("__amd64__", "1"),
    ("__LP64__", "1"),
    ("_LP64", "1"),
    ("__ELF__", "1"),
    ("__CHAR_BIT__", "8"),
    ("__ORDER_LITTLE_ENDIAN__", "1234"),
    ("__ORDER_BIG_ENDIAN__", "4321"),
    ("__BYTE_ORDER__", "1234"),
    ("__SIZEOF_INT__", "4"),
    ("__SIZEOF_LONG__", "8"),
    ("__SIZEOF_POINTER__", "8"),
    ("__SIZEOF_SIZE_T__", "8"),
    ("__SIZEOF_INT128__", "16"),
    ("__INT_MAX__", "2147483647"),
    ("__LONG_MAX__", "9223372036854775807L"),
];

/// What every compiler of C++ defines here.
pub(crate) const CPP_MACROS: &[(&str, &str)] = &[
    ("__cplusplus", "201703L"),
    ("__GNUG__", "12"),
    ("__GNUC__", "12"),
    ("__GNUC_MINOR__", "2"),
    ("__STDC_HOSTED__", "1"),
    ("__linux__", "1"),
    ("__linux", "1"),
    ("linux", "1"),
    ("__gnu_linux__", "1"),
    ("__GLIBC__", "2"),
    ("__unix__", "1"),
    ("__x86_64__", "1"),
    ("__amd64__", "1"),
    ("__LP64__", "1"),
    ("_LP64", "1"),
    ("__ELF__", "1"),
    ("__CHAR_BIT__", "8"),
    ("__EXCEPTIONS", "1"),
    ("__cpp_exceptions", "199711L"),
    ("__SIZEOF_POINTER__", "8"),
];

struct Prelude {
    macros: FxHashMap<&'static str, &'static str>,
    declarations: FxHashMap<String, &'static str>,
}

static PRELUDE: LazyLock<Prelude> = LazyLock::new(read);

/// The definition of a macro, as it stands behind `#define`.
pub(crate) fn macro_text(name: &str) -> Option<&'static str> {
    PRELUDE.macros.get(name).copied()
}

/// The declaration of a variable, function, type or enumerator; of a `struct x` by its name with the word.
pub(crate) fn declaration(name: &str) -> Option<&'static str> {
    PRELUDE.declarations.get(name).copied()
}

/// Whether a header is the system's, by its path in an include.
pub(crate) fn is_system_header(path: &str) -> bool {
    const NAMES: [&str; 52] = [
        "assert",
        "complex",
        "ctype",
        "dirent",
        "dlfcn",
        "endian",
        "errno",
        "fcntl",
        "fenv",
        "float",
        "fnmatch",
        "getopt",
        "glob",
        "grp",
        "iconv",
        "inttypes",
        "langinfo",
        "libgen",
        "limits",
        "locale",
        "malloc",
        "math",
        "netdb",
        "poll",
        "pthread",
        "pwd",
        "regex",
        "sched",
        "semaphore",
        "setjmp",
        "signal",
        "stdarg",
        "stdbool",
        "stddef",
        "stdint",
        "stdio",
        "stdlib",
        "string",
        "strings",
        "syslog",
        "termios",
        "time",
        "unistd",
        "utime",
        "utmp",
        "wchar",
        "wctype",
        "alloca",
        "byteswap",
        "stdatomic",
        "search",
        "ifaddrs",
    ];
    const FOLDERS: [&str; 6] = ["sys/", "netinet/", "arpa/", "linux/", "asm/", "net/"];
    path.strip_suffix(".h").is_some_and(|stem| NAMES.contains(&stem) || FOLDERS.iter().any(|f| path.starts_with(f)))
        || !path.contains(['.', '/'])
}

fn read() -> Prelude {
    let mut prelude = Prelude { macros: FxHashMap::default(), declarations: FxHashMap::default() };
    for text in TEXTS {
        read_text(text, &mut prelude);
    }
    prelude
}

fn read_text(text: &'static str, prelude: &mut Prelude) {
    let mut rest = text;
    loop {
        rest = rest.trim_start();
        if rest.is_empty() {
            return;
        }
        if let Some(comment) = rest.strip_prefix("//") {
            rest = comment.split_once('\n').map_or("", |(_, rest)| rest);
            continue;
        }
        if let Some(definition) = rest.strip_prefix("#define ") {
            let (line, behind) = definition.split_once('\n').unwrap_or((definition, ""));
            let end = line.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(line.len());
            prelude.macros.insert(&line[..end], line);
            rest = behind;
            continue;
        }
        let end = end_of_declaration(rest);
        let (text, behind) = rest.split_at(end);
        for name in names(text) {
            prelude.declarations.entry(name).or_insert(text);
        }
        rest = behind;
    }
}

/// The position behind the `;` outside of braces.
fn end_of_declaration(text: &str) -> usize {
    let mut depth = 0_i32;
    for (at, c) in text.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            ';' if depth == 0 => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// The names that a declaration of the list declares.
fn names(text: &str) -> Vec<String> {
    let mut names = Vec::new();
    let head = text.split(['{', ';']).next().unwrap_or("").trim();
    let tag = head.trim_start_matches("typedef ").trim();
    if text.contains('{') && ["struct ", "union ", "enum "].iter().any(|word| tag.starts_with(word)) {
        names.push(tag.to_owned());
    }
    if let Some((_, body)) = text.split_once('{')
        && tag.starts_with("enum")
    {
        let body = body.rsplit_once('}').map_or(body, |(body, _)| body);
        let item = |item: &str| item.split('=').next().unwrap_or("").trim().to_owned();
        names.extend(body.split(',').map(item).filter(|name| !name.is_empty()));
    }
    let tail = text.rsplit_once('}').map_or(text, |(_, tail)| tail).trim_end_matches(';');
    // `type (*name)(…)`, `type name(…)`, `type name[…]`, `type name`
    let declared = if let Some((_, behind)) = tail.split_once("(*") {
        behind
    } else {
        let head = tail.split(['(', '[']).next().unwrap_or("").trim_end();
        let start = head.rfind(|c: char| !c.is_ascii_alphanumeric() && c != '_').map_or(0, |at| at + 1);
        &head[start..]
    };
    let end = declared.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(declared.len());
    if !declared[..end].is_empty() && !(text.contains('{') && tail.trim().is_empty()) {
        names.push(declared[..end].to_owned());
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_in_their_declarations() {
        assert_eq!(names("int open(const char *path, int flags, ...);"), ["open"]);
        assert_eq!(names("typedef void (*sighandler_t)(int);"), ["sighandler_t"]);
        assert_eq!(names("typedef struct { int quot; int rem; } div_t;"), ["div_t"]);
        assert_eq!(names("struct stat { int st_mode; };"), ["struct stat"]);
        assert_eq!(names("enum { A, B = 3 };"), ["A", "B"]);
        assert_eq!(names("typedef struct tag *jmp_buf[1];"), ["jmp_buf"]);
        for name in ["memcpy", "FILE", "size_t", "struct sockaddr_in", "stdin"] {
            assert!(declaration(name).is_some(), "{name}");
        }
        assert!(macro_text("BUFSIZ").is_some());
    }
}
