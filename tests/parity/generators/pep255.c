/* Contains the examples of PEP 255: a running generator that is resumed, exceptions, try in try, and a tree that is
   traversed with and without recursion. pep255.py is the same program in Python. */
#include "parity.h"

static gen(long) me;

generator(long, resumes_itself)
{
    long *i = next(me);
    if (!i)
        lade_fail_with(gen_error(me));
    yield(*i);
}

generator(long, propagates)
{
    lade_fail_status(EGGS, "no division by zero");
    yield(42);
}

generator(long, later)
{
    yield(1);
    lade_fail_status(SPAM, "later");
}

generator(long, nested)
{
    int raised;
    yield(1);
    yield(2);
    raised = SPAM;
    if (raised == SPAM) {
        yield(4);
        yield(5); /* the error is raised again */
    } else {
        yield(6);
        raised = 0;
    }
    if (raised)
        yield(8);
    else
        yield(7);
    yield(9);
    yield(10);
    yield(11);
}

/* A binary tree, which is made from an array of labels. The label in the middle is the root, and the labels before it
   are the left subtree. */
struct tree {
    long label;
    struct tree *left, *right;
};

static struct tree nodes[64];

static struct tree *tree(const long *labels, long n, struct tree **unused) {
    if (!n)
        return NULL;
    struct tree *t = (*unused)++;
    t->label = labels[n / 2];
    t->left = tree(labels, n / 2, unused);
    t->right = tree(labels + n / 2 + 1, n - n / 2 - 1, unused);
    return t;
}

generator(long, inorder, struct tree *, t)
{
    if (t) {
        yield_from(inorder(t->left));
        yield(t->label);
        yield_from(inorder(t->right));
    }
}

generator(long, inorder_by_loops, struct tree *, t)
{
    if (t) {
        for_each (x, inorder_by_loops(t->left))
            yield(x);
        yield(t->label);
        for_each (x, inorder_by_loops(t->right))
            yield(x);
    }
}

generator(long, inorder_by_hand, struct tree *, node)
{
    struct tree *stack[64];
    int depth = 0;
    while (node) {
        for (; node->left; node = node->left)
            stack[depth++] = node;
        yield(node->label);
        while (!node->right) {
            if (!depth)
                return;
            node = stack[--depth];
            yield(node->label);
        }
        node = node->right;
    }
}

static void walk_twice(gen_owned(long) looped, gen_owned(long) pulled) {
    const char *space = "";
    for_each (x, looped) {
        printf("%s%c", space, (char)x);
        space = " ";
    }
    putchar('\n');
    gen_auto(long) g = pulled;
    for (int i = 0; i < 26; i++)
        putchar((char)*next(g));
    putchar('\n');
    show_next(g);
}

int main(void) {
    parity_begin();
    title("a running generator cannot be resumed");
    gen_auto(long) itself = resumes_itself();
    me = itself;
    show_next(itself);
    show_next(itself);

    title("a generator that raised an exception has ended");
    gen_auto(long) g = propagates();
    show_next(g);
    show_next(g);
    gen_auto(long) h = later();
    show_next(h);
    show_next(h);
    show_next(h);

    title("try in try");
    show_list("nested", nested());

    title("the labels of a tree in order");
    long letters[26];
    for (long i = 0; i < 26; i++)
        letters[i] = 'A' + i;
    struct tree *unused = nodes, *alphabet = tree(letters, 26, &unused);
    walk_twice(inorder(alphabet), inorder(alphabet));
    walk_twice(inorder_by_loops(alphabet), inorder_by_loops(alphabet));
    walk_twice(inorder_by_hand(alphabet), inorder_by_hand(alphabet));
    show_list("of none", inorder(NULL));
    long three[] = {1, 2, 3};
    unused = nodes;
    show_list("of three", inorder(tree(three, 3, &unused)));
    return 0;
}
