//! The words that the parser knows. They are the first symbols of every unit's string table.

use assay_index::{Idx, Interner, Symbol};

macro_rules! words {
    ($($name:ident $text:literal)*) => {
        /// A word that the parser knows.
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        #[repr(u16)]
        #[expect(clippy::enum_variant_names, reason = "they are the words")]
        pub(crate) enum Word { $($name),* }
        const WORDS: &[(Word, &str)] = &[$((Word::$name, $text)),*];
    };
}

words! {
    Auto "auto" Break "break" Case "case" Char "char" Const "const" Continue "continue" Default "default" Do "do"
    Double "double" Else "else" Enum "enum" Extern "extern" Float "float" For "for" Goto "goto" If "if"
    Inline "inline" Int "int" Long "long" Register "register" Restrict "restrict" Return "return" Short "short"
    Signed "signed" Sizeof "sizeof" Static "static" Struct "struct" Switch "switch" Typedef "typedef" Union "union"
    Unsigned "unsigned" Void "void" Volatile "volatile" While "while"
    Bool_ "_Bool" Complex_ "_Complex" Alignas_ "_Alignas" Alignof_ "_Alignof" Atomic_ "_Atomic" Generic_ "_Generic"
    Noreturn_ "_Noreturn" StaticAssert_ "_Static_assert" ThreadLocal_ "_Thread_local"
    Attribute "__attribute__" Attribute2 "__attribute" Extension "__extension__" Asm "asm" Asm2 "__asm__" Asm3 "__asm"
    Inline2 "__inline" Inline3 "__inline__" Restrict2 "__restrict" Restrict3 "__restrict__" Const2 "__const"
    Volatile2 "__volatile__" Volatile3 "__volatile" Signed2 "__signed__" Typeof "typeof" Typeof2 "__typeof__" Typeof3 "__typeof"
    Alignof2 "__alignof__" Alignof3 "__alignof" Thread "__thread" Int128 "__int128" Label "__label__" Declspec "__declspec"
    Func "__func__" Function "__FUNCTION__" PrettyFunction "__PRETTY_FUNCTION__"
    Offsetof "offsetof" Offsetof2 "__builtin_offsetof" VaArg "va_arg" VaArg2 "__builtin_va_arg"
    TypesCompatible "__builtin_types_compatible_p" ChooseExpr "__builtin_choose_expr" ConstantP "__builtin_constant_p"
    VaList "va_list" VaList2 "__builtin_va_list"
    // Words of attributes and of the preprocessor, which are names everywhere else, from here on.
    Noreturn "noreturn" Noreturn2 "__noreturn__" Packed "packed"
    Packed2 "__packed__" Aligned "aligned" Aligned2 "__aligned__"
    Defined "defined" VaArgs "__VA_ARGS__" VaOpt "__VA_OPT__" Pragma_ "_Pragma" File_ "__FILE__" Line_ "__LINE__"
    Counter_ "__COUNTER__" HasInclude "__has_include" HasIncludeNext "__has_include_next" Once "once" Pack "pack" Elif "elif" Elifdef "elifdef"
    Elifndef "elifndef" Endif "endif" Ifdef "ifdef" Ifndef "ifndef" Define "define" Undef "undef" Include "include"
    IncludeNext "include_next" Import "import" Error "error" Warning "warning" Pragma "pragma" LineDirective "line"
    // Words of C++ only, from here on.
    Bool "bool" Catch "catch" Class "class" Constexpr "constexpr" Consteval "consteval" Constinit "constinit"
    ConstCast "const_cast" Decltype "decltype" Delete "delete" DynamicCast "dynamic_cast" Explicit "explicit" Export "export"
    False "false" Friend "friend" Mutable "mutable" Namespace "namespace" New "new" Noexcept "noexcept" Nullptr "nullptr"
    Operator "operator" Private "private" Protected "protected" Public "public" ReinterpretCast "reinterpret_cast"
    StaticAssert "static_assert" StaticCast "static_cast" Template "template" This "this" ThreadLocal "thread_local"
    Throw "throw" True "true" Try "try" Typeid "typeid" Typename "typename" Using "using" Virtual "virtual"
    WcharT "wchar_t" Char8T "char8_t" Char16T "char16_t" Char32T "char32_t" Alignas "alignas" Alignof "alignof" Final "final" Override "override"
    Requires "requires" Concept "concept" CoAwait "co_await" CoReturn "co_return" CoYield "co_yield"
    AndWord "and" OrWord "or" NotWord "not"
}

/// The first word of C++ only.
const FIRST_OF_CPP: usize = Word::Bool as usize;

/// A string table that begins with the words.
pub(crate) fn table() -> Interner {
    let mut strings = Interner::new();
    for (_, text) in WORDS {
        strings.intern(text);
    }
    strings
}

/// The first word that is one in attributes and directives only.
const FIRST_OF_DIRECTIVES: usize = Word::Noreturn as usize;

/// The word of the language that a symbol is.
pub(crate) fn word(symbol: Symbol, cpp: bool) -> Option<Word> {
    let at = symbol.index();
    if at < FIRST_OF_DIRECTIVES || cpp && at >= FIRST_OF_CPP { any_word(symbol) } else { None }
}

/// The word that a symbol is in an attribute or directive.
pub(crate) fn any_word(symbol: Symbol) -> Option<Word> {
    WORDS.get(symbol.index()).map(|(word, _)| *word)
}

impl Word {
    /// The symbol of the word.
    pub(crate) fn symbol(self) -> Symbol {
        Symbol::new(self as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_their_own_symbols() {
        let strings = table();
        assert_eq!(strings.len(), WORDS.len());
        for (at, (name, text)) in WORDS.iter().enumerate() {
            assert_eq!((*name as usize, strings.lookup(text)), (at, Some(Symbol::new(at))), "{text}");
        }
        assert_eq!(word(Word::Class.symbol(), false), None);
        assert_eq!(word(Word::Class.symbol(), true), Some(Word::Class));
        assert_eq!(word(Word::Error.symbol(), true), None);
        assert_eq!(any_word(Word::Error.symbol()), Some(Word::Error));
    }
}
