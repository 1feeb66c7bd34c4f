/*
 * Mixes the samples of a batch, as torchvision's MixUp and CutMix do. Each sample is mixed with the sample before it in
 * the global batch; the first sample is mixed with the last sample. The parameters of the mixing are random, are the
 * same for all samples of a batch, and depend only on (seed, epoch, step).
 */
#ifndef LADE_SRC_FLOW_PIPELINE_MIX_H
#define LADE_SRC_FLOW_PIPELINE_MIX_H

#include <lade/flow.h>

struct lade__mix {
    enum { LADE__MIX_NONE, LADE__MIX_BLEND, LADE__MIX_CUT } kind;
    double keep;                  /* the fraction of the sample itself in the mixed sample; also the weight of its
                                     label */
    int left, top, right, bottom; /* LADE__MIX_CUT: the rectangle that comes from the other sample */
};

/*
 * lade__mix_draw()  - chooses the parameters @mix of batch @step of @epoch at random.
 * lade__mix_apply() - mixes the sample @row with the sample @other. The two samples have the layout that @options
 *                     describe, with @channels channels.
 * lade__mix_label() - mixes the label @y with the label @other. Each label has @columns numbers.
 */
void lade__mix_draw(const struct lade_flow_options *options, int64_t epoch, int64_t step, struct lade__mix *mix);
void lade__mix_apply(const struct lade__mix *mix, const struct lade_flow_options *options, int channels, void *row,
                     const void *other);
void lade__mix_label(const struct lade__mix *mix, int64_t columns, float *y, const float *other);

#endif
