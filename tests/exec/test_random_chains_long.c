/* As test_random_chains.c, 20,000 chains. label: long timeout: 14400 */
#include "support/random_chain.h"

int main(int argument_count, char **arguments)
{
    return random_chains_main(argument_count, arguments, 20000);
}
