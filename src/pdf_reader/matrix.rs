//! Matrices of positions on pages.

use lopdf::Object;

/// A matrix of six numbers (ISO 32000-1, 8.3.3).
pub(super) type Matrix = [f64; 6];

/// The matrix that changes nothing.
pub(super) const SAME: Matrix = [1.0, 0.0, 0.0, 1.0, 0.0, 0.0];

/// The matrix that applies `a`, then `b`.
pub(super) fn then(a: Matrix, b: Matrix) -> Matrix {
    [
        a[0] * b[0] + a[1] * b[2],
        a[0] * b[1] + a[1] * b[3],
        a[2] * b[0] + a[3] * b[2],
        a[2] * b[1] + a[3] * b[3],
        a[4] * b[0] + a[5] * b[2] + b[4],
        a[4] * b[1] + a[5] * b[3] + b[5],
    ]
}

/// The matrix of six operands.
pub(super) fn matrix(operands: &[Object]) -> Option<Matrix> {
    let numbers = operands.iter().map(|o| o.as_float().map(f64::from).ok());
    numbers.collect::<Option<Vec<_>>>()?.try_into().ok()
}
