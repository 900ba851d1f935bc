//! Whatever stands in a file, what is made of it is well-formed.

use crate::support::{lower, lower_cpp};
use proptest::prelude::*;

const PIECES: [&str; 64] = [
    "int ",
    "char *",
    "struct s ",
    "a",
    "b",
    "f",
    "(",
    ")",
    "{",
    "}",
    "[",
    "]",
    ";",
    ",",
    "=",
    "+",
    "*",
    "&",
    "->",
    ".",
    "if (a) ",
    "else ",
    "while (a) ",
    "for (;;) ",
    "do ",
    "switch (a) ",
    "case 1: ",
    "default: ",
    "break;",
    "continue;",
    "return ",
    "goto l;",
    "l: ",
    "1",
    "'c'",
    "\"s\"",
    "sizeof ",
    "typedef ",
    "static ",
    "#define f(x) x x\n",
    "#if a\n",
    "#else\n",
    "#endif\n",
    "f(",
    "##",
    "\n",
    "?",
    ":",
    "union ",
    "enum ",
    "~",
    "!",
    "<",
    ">",
    "::",
    "class c ",
    "template <class t> ",
    "namespace n ",
    "operator+",
    "this",
    "new ",
    "delete ",
    "try ",
    "catch (...) ",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn any_pieces_are_lowered(pieces in prop::collection::vec(0..PIECES.len(), 0..60)) {
        let text: String = pieces.iter().map(|at| PIECES[*at]).collect();
        lower(&format!("int f(int a) {{ int b; {text}\n"));
        lower_cpp(&format!("struct s {{ int a; }}; int f(s a) {{ int b; {text}\n"));
        lower_cpp(&text);
    }
}
