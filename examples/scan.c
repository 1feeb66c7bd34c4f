/* Prints the number of images in each class folder of a directory. */
#include <lade/flow.h>

#include <stdio.h>

int main(int argc, char **argv) {
    lade_explain_overflow();
    struct lade_error err = {0};
    lade_scan *scan = lade_scan_directory(argc > 1 ? argv[1] : "shapes", NULL, &err);
    if (!scan) {
        fprintf(stderr, "%s (%s)\n", err.message, lade_status_name(err.code));
        return 1;
    }
    for (int c = 0; c < lade_scan_classes(scan); c++)
        printf("%8ld %s\n", (long)lade_scan_class_count(scan, c), lade_scan_class_name(scan, c));
    lade_scan_free(scan);
}
