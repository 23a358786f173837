//! Small pictures, painted rather than shipped: a cup on a coloured ground, as PNG.

use std::io::Write;

use flate2::Compression;
use flate2::write::ZlibEncoder;

const WIDTH: u32 = 480;
const HEIGHT: u32 = 320;

/// A picture in a colour of the wheel, 0 to 359.
pub(super) fn png(hue: u16) -> std::io::Result<Vec<u8>> {
    let mut pixels = Vec::with_capacity((WIDTH * 3 + 1) as usize * HEIGHT as usize);
    for y in 0..HEIGHT {
        // Every line begins with its filter: none.
        pixels.push(0);
        for x in 0..WIDTH {
            pixels.extend(colour(x as f32, y as f32, f32::from(hue)));
        }
    }
    let mut packed = ZlibEncoder::new(Vec::new(), Compression::fast());
    packed.write_all(&pixels)?;
    let mut header = Vec::with_capacity(13);
    header.extend(WIDTH.to_be_bytes());
    header.extend(HEIGHT.to_be_bytes());
    // Eight bits a channel, red green blue, and nothing special.
    header.extend([8, 2, 0, 0, 0]);
    let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
    chunk(&mut file, b"IHDR", &header);
    chunk(&mut file, b"IDAT", &packed.finish()?);
    chunk(&mut file, b"IEND", &[]);
    Ok(file)
}

fn chunk(file: &mut Vec<u8>, name: &[u8; 4], data: &[u8]) {
    file.extend(u32::try_from(data.len()).unwrap_or(u32::MAX).to_be_bytes());
    let from = file.len();
    file.extend(name);
    file.extend(data);
    let sum = crc32fast::hash(&file[from..]);
    file.extend(sum.to_be_bytes());
}

fn colour(x: f32, y: f32, hue: f32) -> [u8; 3] {
    let (dx, dy) = ((x - 220.0) / 110.0, (y - 170.0) / 80.0);
    let in_cup = dx.abs() < 1.0 && dy.abs() < 1.0 && dx.abs() < 1.0 - (dy - 0.2).max(0.0) * 0.5;
    let handle = ((x - 335.0) / 45.0).hypot((y - 160.0) / 45.0);
    let in_handle = (0.6..1.0).contains(&handle) && x > 320.0;
    let tea = dx.hypot((y - 92.0) / 12.0) < 0.95;
    match () {
        () if tea => rgb(hue + 20.0, 0.7, 0.35),
        () if in_cup || in_handle => rgb(hue, 0.1, 0.97 - dx.abs() * 0.12),
        () => rgb(hue, 0.35, 0.55 + 0.3 * (1.0 - y / HEIGHT as f32)),
    }
}

/// From hue, saturation and value.
fn rgb(hue: f32, saturation: f32, value: f32) -> [u8; 3] {
    let channel = |n: f32| {
        let k = (n + hue / 60.0) % 6.0;
        let light = value - value * saturation * k.min(4.0 - k).clamp(0.0, 1.0);
        (light * 255.0) as u8
    };
    [channel(5.0), channel(3.0), channel(1.0)]
}

#[cfg(test)]
mod tests {
    use omnichat_core::files::describe;

    #[test]
    fn a_picture_is_what_it_says() {
        let found = describe(&super::png(150).unwrap(), "image/png", "cup.png");
        assert_eq!(
            (found.content_type.as_str(), found.width, found.height),
            ("image/png", Some(480), Some(320))
        );
    }
}
