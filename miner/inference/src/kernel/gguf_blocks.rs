//! Blocks of quantised weights as GGUF files have them.

use super::{
    blocks::{Bytes, Nibbles, ShiftedNibbles, ShortBytes},
    lanes::Quads,
};

fn float16(bytes: &[u8]) -> half::f16 {
    half::f16::from_le_bytes([bytes[0], bytes[1]])
}

/// Writes weight `index` of a lane of nibbles.
fn set_nibble(quads: &mut [Quads; 4], lane: usize, index: usize, nibble: u8) {
    quads[index / 8][lane][index % 4] |= nibble << (index / 4 % 2 * 4);
}

/// Writes weight `index` of a lane of bytes.
fn set_byte(quads: &mut [Quads; 8], lane: usize, index: usize, byte: u8) {
    quads[index / 4][lane][index % 4] = byte;
}

/// One block of Q4_0 into a lane of its units.
pub(super) fn q4_0(block: &[u8], lane: usize, units: &mut [Nibbles]) {
    let unit = &mut units[0];
    unit.scales[lane] = float16(block).to_bits();
    for (j, byte) in block[2..].iter().enumerate() {
        set_nibble(&mut unit.quads, lane, j, byte & 15);
        set_nibble(&mut unit.quads, lane, j + 16, byte >> 4);
    }
}

/// One block of Q8_0 into a lane of its units.
pub(super) fn q8_0(block: &[u8], lane: usize, units: &mut [Bytes]) {
    let unit = &mut units[0];
    unit.scales[lane] = float16(block).to_bits();
    for (index, byte) in block[2..].iter().enumerate() {
        // Adding 128 to a signed byte.
        set_byte(&mut unit.quads, lane, index, byte ^ 0x80);
    }
}

/// One block of Q4_K into a lane of its units.
pub(super) fn q4k(block: &[u8], lane: usize, units: &mut [ShiftedNibbles]) {
    let scale = float16(block).to_f32();
    let minimum = float16(&block[2..]).to_f32();
    let packed = &block[4..16];
    for (b, unit) in units.iter_mut().enumerate() {
        // Six bits each: the upper two of the later four stand above the earlier ones.
        let (s, m) = if b < 4 {
            (packed[b] & 63, packed[b + 4] & 63)
        } else {
            (
                packed[b + 4] & 15 | packed[b - 4] >> 6 << 4,
                packed[b + 4] >> 4 | packed[b] >> 6 << 4,
            )
        };
        let scale = scale * f32::from(s);
        unit.scales[lane] = scale;
        unit.offsets[lane] = 8.0f32.mul_add(scale, -(minimum * f32::from(m)));
        for (j, byte) in block[16 + b / 2 * 32..][..32].iter().enumerate() {
            set_nibble(&mut unit.quads, lane, j, byte >> (4 * (b % 2)) & 15);
        }
    }
}

/// One block of Q6_K into a lane of its units.
pub(super) fn q6k(block: &[u8], lane: usize, units: &mut [ShortBytes]) {
    let (low, rest) = block.split_at(128);
    let (high, rest) = rest.split_at(64);
    let (scales, scale) = rest.split_at(16);
    let scale = float16(scale).to_f32();
    for (index, s) in scales.iter().enumerate() {
        units[index / 2].scales[index % 2][lane] = scale * f32::from(i8::from_le_bytes([*s]));
    }
    for index in 0..256 {
        // Halves of 128, in each four quarters of 32 that share bytes.
        let (part, quarter, l) = (index / 128, index / 32 % 4, index % 32);
        let four = low[part * 64 + l + quarter % 2 * 32] >> (quarter / 2 * 4) & 15;
        let two = high[part * 32 + l] >> (2 * quarter) & 3;
        set_byte(
            &mut units[index / 32].quads,
            lane,
            index % 32,
            four | two << 4,
        );
    }
}
