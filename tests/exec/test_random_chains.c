/* Every executor gives the bits of `reference`, whatever the chain, threads, tiles and order: 300 random chains.
 *
 * test_exec_random_chains SEED [COUNT] runs these seeds only; a failure prints its seed, the chain, and the smallest
 * chain that still fails (unless PELAGOS_DO_NOT_SHRINK is set). timeout: 900 */
#include "support/random_chain.h"

int main(int argument_count, char **arguments)
{
    return random_chains_main(argument_count, arguments, 300);
}
