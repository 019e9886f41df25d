/// What is written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A page, whole.
    Page,
    /// What the editor of a portal takes.
    Fragment,
}
