//! Records have the layout that the system's compilers give them.

use crate::support::{lower, record};

/// Size, alignment, and the place of each member with its bits.
type Layout = (Option<u64>, u64, Vec<(Option<u64>, Option<(u8, u8)>)>);

fn layout(declaration: &str) -> Layout {
    let module = lower(&format!("{declaration}\nint f(struct s *p) {{ return sizeof *p; }}\n"));
    let record = record(&module, "s");
    (record.size, record.align, record.fields.iter().map(|field| (field.offset, field.bits)).collect())
}

#[test]
fn members_are_aligned() {
    let plain = |offset| (Some(offset), None);
    assert_eq!(layout("struct s { char a; int b; char c; };"), (Some(12), 4, vec![plain(0), plain(4), plain(8)]));
    assert_eq!(layout("struct s { char a; double b; short c; };"), (Some(24), 8, vec![plain(0), plain(8), plain(16)]));
    assert_eq!(layout("struct s { char a[3]; short b[2]; };"), (Some(8), 2, vec![plain(0), plain(4)]));
    assert_eq!(layout("struct s { char a; int b; } __attribute__((packed));"), (Some(5), 1, vec![plain(0), plain(1)]));
    assert_eq!(layout("struct s { char a; } __attribute__((aligned(16)));"), (Some(16), 16, vec![plain(0)]));
    assert_eq!(layout("struct s { int n; char rest[]; };"), (Some(4), 4, vec![plain(0), plain(4)]));
    assert_eq!(
        layout("struct s { union { int i; char c[9]; } u; char z; };"),
        (Some(16), 4, vec![plain(0), plain(12)])
    );
    assert_eq!(layout("struct s { long double a; char b; };"), (Some(32), 16, vec![plain(0), plain(16)]));
    assert_eq!(layout("struct s { int (*f)(void), *p[2], m[2][3]; };").0, Some(48));
}

#[test]
fn members_are_packed() {
    let plain = |offset| (Some(offset), None);
    let fields = vec![plain(0), plain(1), plain(5)];
    assert_eq!(layout("#pragma pack(1)\nstruct s { char a; int b; double c; };"), (Some(13), 1, fields));
    let fields = vec![plain(0), plain(2), plain(6)];
    assert_eq!(
        layout("#pragma pack(push, 2)\nstruct s { char a; int b; double c; };\n#pragma pack(pop)"),
        (Some(14), 2, fields)
    );
    let fields = vec![plain(0), plain(4), plain(8)];
    let declared = "struct s { char a; int b; double c; };";
    for before in
        ["#pragma pack(push, 1)\nstruct t { char a; int b; };\n#pragma pack(pop)", "#pragma pack(1)\n#pragma pack()"]
    {
        assert_eq!(layout(&format!("{before}\n{declared}")), (Some(16), 8, fields.clone()), "{before}");
    }
}

#[test]
fn bit_fields_share_units() {
    let bits = |offset, first, width| (Some(offset), Some((first, width)));
    let fields = vec![bits(0, 0, 3), bits(0, 3, 5), bits(4, 0, 30)];
    assert_eq!(layout("struct s { unsigned a : 3, b : 5; int c : 30; };"), (Some(8), 4, fields));
    let fields = vec![bits(0, 0, 4), bits(4, 0, 4)];
    assert_eq!(layout("struct s { int a : 4; int : 0; int b : 4; };"), (Some(8), 4, fields));
    let fields = vec![(Some(0), None), bits(0, 8, 8)];
    assert_eq!(layout("struct s { char a; int b : 8; };"), (Some(4), 4, fields));
}

#[test]
fn what_is_not_known_stays_open() {
    let (size, _, fields) = layout("struct other; struct s { int a; struct other b; int c; };");
    assert_eq!((size, fields[0].0, fields[1].0, fields[2].0), (None, Some(0), Some(4), None));
    assert_eq!(layout("struct s;").0, None);
}

#[test]
fn headers_of_the_system_are_known() {
    let module = lower(
        "int f(void) { struct stat a; struct sockaddr_in b; struct tm c; FILE *d; size_t e; \
         char buf[BUFSIZ + PATH_MAX]; return sizeof a * 1000000 + sizeof b * 1000 + sizeof c + sizeof *d + sizeof e + sizeof buf; }\n",
    );
    assert_eq!(module.gaps, []);
    let text = crate::support::code(&module, "f");
    assert!(
        text.contains(&format!("const int {}", 144 * 1_000_000 + 16 * 1000 + 56 + 216 + 8 + 8192 + 4096)),
        "{text}"
    );
}
