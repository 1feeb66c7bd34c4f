/*
 * image/augment/trivial.h - draws one change of an image, as TrivialAugment does.
 */
#ifndef LADE_SRC_IMAGE_AUGMENT_TRIVIAL_H
#define LADE_SRC_IMAGE_AUGMENT_TRIVIAL_H

#include <lade/image.h>

enum { LADE__TRIVIAL_OPERATIONS = 14, LADE__TRIVIAL_STEPS = 31 };

/*
 * lade__trivial_draw() - draws an operation, the step of its magnitude and its sign, and adds this change to the
 *                        transform @t of an image of @height x @width. Shifts are added to the shifts of @t; factors
 *                        are multiplied with the factors of @t.
 * lade__trivial_add()  - does the same for given numbers: @operation is less than LADE__TRIVIAL_OPERATIONS, and @step
 *                        is less than LADE__TRIVIAL_STEPS. Operations without a sign ignore @negative.
 */
void lade__trivial_draw(struct lade_random *random, int height, int width, struct lade_transform *t);
void lade__trivial_add(int operation, int step, bool negative, int height, int width, struct lade_transform *t);

#endif
