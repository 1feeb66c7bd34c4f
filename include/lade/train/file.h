/*
 * lade/train/file.h - saves nets in files, and loads them. lade/train.h includes this header.
 */
#ifndef LADE_TRAIN_FILE_H
#define LADE_TRAIN_FILE_H

#include <lade/base.h>
#include <lade/train/net.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * lade_net_save() - writes a net to a safetensors file (https://github.com/huggingface/safetensors), which Python can
 * read. The function writes the net to PATH.tmp, calls fsync(), and renames PATH.tmp to PATH. So PATH always contains
 * either the old net or the new net. The new file has the permissions of the old file. If PATH is a symbolic link, the
 * target of the link is replaced.
 *
 * Tensors are float32. The name of a tensor is the path of its layer and the name of the parameter, for example
 * "0.weight" or "3.0.2.weight". (lade_net_new() describes paths.) A torch.nn.Sequential with the same layers has the
 * same names, if each residual and each concat is a torch.nn.ModuleList that contains a torch.nn.Sequential for each
 * branch. The shapes are:
 *   dense      weight (outputs, inputs), bias (outputs)
 *   conv       weight (N, channels / groups, K, K), bias (N)
 *   batchnorm  weight, bias, running_mean and running_var (channels)
 * "__metadata__" contains everything else that lade_net_load() needs ("lade.format", "lade.spec", "lade.sample_shape",
 * "lade.loss", "lade.seed", "lade.data_format", "lade.class_names", "lade.preprocessing"). The bytes depend only on the
 * net, and not on the time or the path.
 *
 * Returns LADE_OK, or an error with @err, whose subject is the path: LADE_EIO, LADE_EACCES (also if PATH.tmp is a link,
 * a pipe or another user's file), LADE_EBUSY (another process or thread is writing to the same path, and is not
 * disturbed), LADE_ENOENT, LADE_ELIMIT, LADE_ENOMEM. On error, PATH.tmp is removed if this call has created it.
 */
LADE_API int lade_net_save(const lade_net *net, const char *path, struct lade_error *err);

/*
 * lade_net_load() - reads a net that lade_net_save() wrote, or that another program wrote in the same format. Only
 * "lade.format", "lade.spec" and "lade.sample_shape" are required. The tensors of the parameters may be F32, F16 or
 * BF16. Other tensors are ignored. The file may come from an untrusted source, because every field of the file is
 * checked.
 *
 * @threads  as in struct lade_net_options
 *
 * Returns the net. The caller must free the net with lade_net_free(). On error, returns NULL with @err, whose subject
 * is the path: LADE_ENOENT, LADE_EACCES, LADE_EIO, LADE_EFORMAT (truncated, damaged, or not written by lade),
 * LADE_EUNSUPPORTED (written by a later version, or not a regular file), LADE_ENUMERIC (a parameter contains NaN or
 * infinity), LADE_EINVAL (@threads is invalid), LADE_ELIMIT, LADE_ENOMEM, LADE_ERUNTIME.
 */
LADE_API LADE_MUST_CHECK lade_net *lade_net_load(const char *path, int threads, struct lade_error *err);

#ifdef __cplusplus
}
#endif
#endif
