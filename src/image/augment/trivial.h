/*
 * image/augment/trivial.h - draws one change of an image, as TrivialAugment does.
 */
#ifndef LADE_SRC_IMAGE_AUGMENT_TRIVIAL_H
#define LADE_SRC_IMAGE_AUGMENT_TRIVIAL_H

#include <lade/image.h>

/*
 * lade__trivial_draw() - draws an operation, its magnitude and its sign, and adds this change to @t. Moves are added to
 * the moves of @t, and factors are multiplied with the factors of @t.
 */
void lade__trivial_draw(struct lade_random *random, struct lade_transform *t);

#endif
