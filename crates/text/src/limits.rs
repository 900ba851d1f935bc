//! Every cut-off of the analysis, in one place.
//!
//! Whoever hits one records it on the file or function concerned; the ledger shows it as *not
//! observed: analysis limit reached*, with the name that stands here.

/// Files longer than this many bytes are not read; the ledger says so.
pub const MAX_FILE_BYTES: u64 = 4 * 1024 * 1024;
/// Longest manifest or lock file, in bytes; lock files of large projects are longer than code gets.
pub const MAX_MANIFEST_BYTES: u64 = 16 * 1024 * 1024;
/// Files with a line longer than this many bytes are taken for generated data and not parsed.
pub const MAX_LINE_BYTES: usize = 1024 * 1024;
/// Archives of packages longer than this many bytes are not opened.
pub const MAX_ARCHIVE_BYTES: u64 = 256 * 1024 * 1024;
/// Archives with more members than this are not read.
pub const MAX_ARCHIVE_MEMBERS: usize = 100_000;
/// Archives within archives that are opened.
pub const MAX_ARCHIVE_DEPTH: usize = 4;
/// Bytes that the members of one archive may unpack to, as far as they are read.
pub const MAX_ARCHIVE_UNPACKED_BYTES: u64 = 128 * 1024 * 1024;
/// Folders deeper than this are not walked.
pub const MAX_WALK_DEPTH: usize = 128;
/// Files beyond this many are not read.
pub const MAX_FILES: usize = 200_000;
/// Bytes of source of installed packages that are read to follow the program into them; more is not followed.
pub const MAX_INSTALLED_SOURCE_BYTES: u64 = 48 * 1024 * 1024;

/// Brackets or indentation nested deeper than this are not parsed: the parser and the
/// lowering recurse on the syntax, and their stack is sized for this depth.
pub const MAX_NESTING: usize = 600;
/// Operators, attributes, calls and prefixes applied on top of each other, beyond which an expression is
/// not parsed.
pub const MAX_OPERATOR_CHAIN: usize = 24_000;
/// Classes and functions that are made of the templates of one unit of C++. Uses beyond that mean the template as it is written.
pub const MAX_TEMPLATE_INSTANCES: usize = 200;
/// Templates that are made while others are being made.
pub const MAX_TEMPLATE_DEPTH: usize = 6;
/// Brackets around the use of a template beyond which it is not made.
pub const MAX_TEMPLATE_NESTING: usize = 100;
/// Syntax errors of one file that are listed one by one; the rest is counted.
pub const MAX_SYNTAX_ERRORS: usize = 20;
/// Stack of a thread that parses and lowers, in bytes.
pub const PARSE_STACK_BYTES: usize = 256 * 1024 * 1024;
/// Instructions per function; a longer one is cut and recorded.
pub const MAX_FUNCTION_INSTRUCTIONS: usize = 60_000;

/// Steps in the path of an external API (`pkg.f().g().h…`).
pub const MAX_API_PATH: usize = 12;
/// Objects that one variable may point to before it is taken for *anything*.
pub const MAX_POINTS_TO: usize = 24;
/// Objects that a class's attributes of computed names may be before none of them is followed.
pub const MAX_COMPUTED_ATTRIBUTES: usize = 4;
/// Steps into what no model knows before the path of an external API is cut.
pub const MAX_UNKNOWN_API_STEPS: u32 = 6;
/// Modules that are searched for a name by way of star imports.
pub const MAX_STAR_IMPORTS: usize = 64;
/// Tests of types in one function that say something of values of unknown type.
pub const MAX_TYPE_TESTS: usize = 64;
/// Types within declared types that are followed.
pub const MAX_TYPE_DEPTH: u32 = 8;
/// Classes in the linearisation of one class; what stands further up is not seen.
pub const MAX_ANCESTORS: usize = 128;
/// Classes derived from one class that a call on `self` may reach.
pub const MAX_SUBCLASSES: usize = 256;
/// Containers and classes within each other that are searched for functions handed to a library.
pub const MAX_CALLBACK_DEPTH: u32 = 4;
/// Rounds of matching functions that are handed to libraries.
pub const MAX_CALLBACK_ROUNDS: usize = 3;
/// Variables that one port of a library's model stands for at one call.
pub const MAX_PORT_NODES: usize = 32;
/// Functions that never return because another one does, and so on.
pub const MAX_EXIT_CHAIN: usize = 6;
/// Rounds of the inclusion-based pass over the program, as a multiple of its nodes.
pub const MAX_RESOLVE_STEPS_PER_NODE: usize = 64;

/// Fields in an access path of the taint analysis.
pub const MAX_ACCESS_PATH: usize = 3;
/// Distinct access paths that one value may carry.
pub const MAX_TREE_NODES: usize = 24;
/// Passes over one function before its state is taken as it is.
pub const MAX_FUNCTION_PASSES: usize = 12;
/// Passes over one component of the call graph.
pub const MAX_COMPONENT_PASSES: usize = 6;
/// Sinks that a summary reports. The nearest are kept.
pub const MAX_SUMMARY_SINKS: usize = 32;
/// Flows from parameters to results, parameters and cells that a summary reports.
pub const MAX_SUMMARY_FLOWS: usize = 96;
/// Flows from parameters and sources into errors that leave a function which a summary reports.
pub const MAX_SUMMARY_ERRORS: usize = 16;
/// Hops in a trace.
pub const MAX_TRACE_STEPS: usize = 40;
/// Pieces of a string's shape.
pub const MAX_SHAPE_PIECES: usize = 32;

/// Tokens of one C or C++ file with everything it includes, after macros were expanded.
pub const MAX_UNIT_TOKENS: usize = 4_000_000;
/// Tokens that the use of one macro may become.
pub const MAX_MACRO_TOKENS: usize = 500_000;
/// Macros and their arguments that are expanded within each other.
pub const MAX_MACRO_DEPTH: usize = 200;
/// Files that include each other.
pub const MAX_INCLUDE_DEPTH: usize = 100;
/// Files that one C or C++ file includes, one way or another.
pub const MAX_INCLUDES: usize = 4_000;
/// Values that the initial value of one variable with a static lifetime is followed to.
pub const MAX_INITIALIZERS: usize = 2_000;

/// Inequalities between numbers that are kept at one point of a function.
pub const MAX_NUMBER_CONSTRAINTS: usize = 40;
/// Places in memory whose values are kept at one point of a function.
pub const MAX_MEMORY_CELLS: usize = 160;
/// Objects that one address may point to before it is taken for *anywhere*.
pub const MAX_POINTER_TARGETS: usize = 6;
/// States that are kept apart at one point of a function; beyond, they are joined.
pub const MAX_MEMORY_STATES: usize = 6;
/// Steps of the analysis of memory in one function, as a multiple of its instructions. What needs more is not observed.
pub const MAX_MEMORY_STEPS_PER_INSTRUCTION: usize = 60;
/// Turns of a loop before moving bounds are taken as far as they can get.
pub const MEMORY_WIDENING_DELAY: usize = 3;
/// Pointers from one object to the next that are followed from a parameter.
pub const MAX_MEMORY_DEPTH: u8 = 3;
/// Requirements that one function has of its callers.
pub const MAX_MEMORY_REQUIREMENTS: usize = 48;
/// Ways in which one function may end that are told apart at its callers.
pub const MAX_MEMORY_OUTCOMES: usize = 5;
/// Rounds in which functions of C and C++ are analysed again because of the untrusted data that others hand them.
pub const MAX_MEMORY_ROUNDS: usize = 3;
