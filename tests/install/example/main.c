/* A program outside the source tree that uses an installed Pelagos. */
#include <stdio.h>

#include "base/random.h"
#include "base/text.h"

int main(void)
{
    char number[32];
    const double draw = pel_random_uniform((pel_random_key){.seed = 1, .id = 2, .step = 3});
    if (draw < 0 || draw >= 1) return 1;
    printf("an installed Pelagos drew %s\n", pel_text_number(draw, number));
    return 0;
}
