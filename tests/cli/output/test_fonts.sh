#!/bin/sh
# Plots draw each character with a font that has the character. Characters that no font has are escaped. The test makes
# a font for the private character U+FFFFD, which no other font has.
# shellcheck source=tests/cli/lib.sh
. "$LADE_SOURCE_DIR/tests/cli/lib.sh"
if [ "${LADE_FONTCONFIG-}" != ON ]; then
    echo "skipped: this build has no fontconfig (LADE_FONTCONFIG=OFF)"
    exit 77
fi
draw_shapes
mkdir one none
character=$(printf '\363\277\277\275')
cp -r shapes/ring "one/$character"
mkdir made
python3 -SE "$here/make_font.py" made/font.ttf FFFFD
# Writes a configuration of fontconfig to the file $1. Its fonts are in the folder $2.
configure() {
    cat >"$1" <<END
<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><cachedir>$scratch/cache</cachedir><dir>$2</dir><dir>$scratch/${3-none}</dir></fontconfig>
END
}
configure with.conf /usr/share/fonts made
configure without.conf /usr/share/fonts
configure none.conf "$scratch/none"

glyphs() {
    FONTCONFIG_FILE=$scratch/$1 run preview one --batch-size 6 -o "$1.svg"
    expect 0
    silent
    is_svg "$1.svg"
    grep -o '<use ' "$1.svg" | wc -l
}
# The label of each of the 6 images is 1 glyph, or the 10 glyphs of \U000FFFFD.
with=$(glyphs with.conf)
without=$(glyphs without.conf)
[ "$((without - with))" -eq 54 ] || fail "$with glyphs with the font, $without glyphs without the font"
none=$(glyphs none.conf)
[ "$none" -ge "$without" ] || fail "$none glyphs without any font, $without glyphs with DejaVu Sans"

# A Korean syllable and a Japanese letter of a file name from macOS are composed, so the plot contains one character for
# each of them.
mkdir nfd nfc
cp -r shapes/ring "nfd/$(printf '\341\204\200\341\205\241\341\206\250\343\201\213\343\202\231')"
cp -r shapes/ring "nfc/$(printf '\352\260\201\343\201\214')"
for form in nfd nfc; do
    FONTCONFIG_FILE=$scratch/without.conf run preview $form --batch-size 6 -o $form.svg
    expect 0
done
[ "$(grep -c '<use ' nfd.svg)" -eq "$(grep -c '<use ' nfc.svg)" ] || fail "decomposed characters are not composed"
