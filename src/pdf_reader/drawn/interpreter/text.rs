//! The operators of text.

use std::rc::Rc;

use lopdf::{Dictionary, Object};

use super::super::font::Font;
use super::super::page::Glyph;
use super::super::text::Cursor;
use super::super::{MAX_FONTS, MAX_GLYPHS};
use super::{Interpreter, count};
use crate::pdf_reader::file::PdfFault;
use crate::pdf_reader::matrix::numbers;

impl<'a> Interpreter<'a> {
    pub(super) fn text_operation(
        &mut self,
        operator: &str,
        operands: &[Object],
        resources: &[&'a Dictionary],
    ) -> Result<(), PdfFault> {
        let one = || numbers::<1>(operands).map(|[number]| number);
        let state = &mut self.state.text;
        match operator {
            "BT" => self.cursor = Cursor::default(),
            "Tc" => state.spacing = one().unwrap_or(state.spacing),
            "Tw" => state.word_spacing = one().unwrap_or(state.word_spacing),
            "Tz" => state.stretch = one().map_or(state.stretch, |stretch| stretch / 100.0),
            "TL" => state.leading = one().unwrap_or(state.leading),
            "Ts" => state.rise = one().unwrap_or(state.rise),
            "Tr" => {
                state.mode = operands
                    .first()
                    .and_then(|mode| mode.as_i64().ok())
                    .unwrap_or_default();
            }
            "Tf" => {
                if let [name, size] = operands {
                    self.state.text.size = size.as_float().map_or(self.state.text.size, f64::from);
                    self.state.text.font = self.font(name, resources)?;
                }
            }
            "Td" | "TD" => {
                if let Some([x, y]) = numbers(operands) {
                    if operator == "TD" {
                        state.leading = -y;
                    }
                    self.cursor.next_line(x, y);
                }
            }
            "Tm" => {
                if let Some(matrix) = numbers(operands) {
                    self.cursor = Cursor {
                        text: matrix,
                        line: matrix,
                    };
                }
            }
            "T*" => self.cursor.next_line(0.0, -self.state.text.leading),
            "Tj" => self.show(operands)?,
            "TJ" => {
                if let Some(Object::Array(pieces)) = operands.last() {
                    self.show(pieces)?;
                }
            }
            "'" | "\"" => {
                if let ("\"", [words, characters, _]) = (operator, operands)
                    && let Some([words, characters]) = numbers(&[words.clone(), characters.clone()])
                {
                    (state.word_spacing, state.spacing) = (words, characters);
                }
                self.cursor.next_line(0.0, -self.state.text.leading);
                self.show(operands.last().map_or(&[][..], std::slice::from_ref))?;
            }
            _ => {}
        }
        Ok(())
    }

    /// Shows strings, moved apart by the numbers between them.
    fn show(&mut self, pieces: &[Object]) -> Result<(), PdfFault> {
        let off = self.marks.contains(&true);
        let clip = self.state.clip;
        let unseen = matches!(self.state.text.mode, 3 | 7) || self.state.fill.clear;
        let white = self.state.fill.white && !matches!(self.state.text.mode, 1 | 2);
        for piece in pieces {
            if let Ok(string) = piece.as_str() {
                let mut shown: Vec<Glyph> = Vec::new();
                let (text, matrix) = (&self.state.text, self.state.matrix);
                self.cursor.show(text, matrix, string, |glyph| {
                    shown.push(glyph);
                    shown.len() <= MAX_GLYPHS
                });
                count(&mut self.shared.glyphs, shown.len(), MAX_GLYPHS)?;
                let shapes = &self.shapes;
                let glyphs = shown
                    .into_iter()
                    .filter(|glyph| !off && is_sound(glyph))
                    .map(|mut glyph| {
                        let [x, y] = glyph.middle;
                        let holds = |area: &[f64; 4]| {
                            area[0] <= x && x <= area[2] && area[1] <= y && y <= area[3]
                        };
                        // Of hostile files alone there are more shapes below a glyph than this.
                        glyph.hidden = unseen
                            || !holds(&clip)
                            || white && !shapes.iter().rev().take(500).any(holds);
                        glyph
                    });
                self.page.glyphs.extend(glyphs);
            } else if let Ok(amount) = piece.as_float() {
                self.cursor.kern(&self.state.text, amount.into());
            }
        }
        Ok(())
    }

    fn font(
        &mut self,
        name: &Object,
        resources: &[&'a Dictionary],
    ) -> Result<Option<Rc<Font>>, PdfFault> {
        let Some((id, Object::Dictionary(font))) = self.resource(resources, b"Font", Some(name))
        else {
            return Ok(None);
        };
        if let Some(known) = id.and_then(|id| self.shared.fonts.get(&id)) {
            return Ok(Some(known.clone()));
        }
        let read = Rc::new(Font::read(self.pdf, font)?);
        count(&mut self.shared.font_count, 1, MAX_FONTS)?;
        if let Some(id) = id {
            self.shared.fonts.insert(id, read.clone());
        }
        Ok(Some(read))
    }
}

/// Whether a glyph has a place that can be reckoned with.
fn is_sound(glyph: &Glyph) -> bool {
    let near = |number: f64| number.abs() < 1e6;
    near(glyph.x) && near(glyph.y) && near(glyph.advance) && glyph.size > 0.1 && glyph.size < 1e4
}
