/*
 * image/place.h - where the samples of one axis of a shifted and flipped image come from. A shift moves all of an axis
 * by the same amount, so it is a table of whole positions and one fraction for all of them.
 */
#ifndef LADE_SRC_IMAGE_PLACE_H
#define LADE_SRC_IMAGE_PLACE_H

#include <lade/image.h>

/*
 * Output sample i lies between input samples near[i] and far[i], `fraction` of the way. Samples below `begin` and from
 * `end` on are the fill value; their near and far are 0.
 */
struct lade__place {
    const int *near;
    const int *far; /* near itself where the fraction is 0 */
    float fraction;
    bool identity; /* sample i is input sample i */
    int begin;
    int end;
};

/*
 * lade__place_set() - the table of an axis of @n samples, moved by @shift and then flipped.
 *
 * @tables  2 * @n ints, which @place points into
 * @shift   |shift| <= 2^30
 */
void lade__place_set(struct lade__place *place, int *tables, int n, double shift, bool flip,
                     enum lade_fill_mode fill_mode);

#endif
