/* The command line of a study. */
#include "scale/command_line.h"

static void add_lists(const scale_plan *plan, scale_words *words)
{
    pel_text list = {0};
    for (int i = 0; i < plan->thread_count; i++) pel_text_add(&list, "%s%d", i > 0 ? "," : "", plan->thread_counts[i]);
    scale_words_add(words, "--threads");
    scale_words_add(words, "%s", pel_text_get(&list));
    words->lost |= list.lost;
    pel_text_free(&list);
    const bool *has = plan->has_places;
    scale_words_add(words, "--places");
    scale_words_add(words, "%s%s%s", has[PEL_PLACEMENT_COMPACT] ? "compact" : "",
                    has[PEL_PLACEMENT_COMPACT] && has[PEL_PLACEMENT_SPREAD] ? "," : "",
                    has[PEL_PLACEMENT_SPREAD] ? "spread" : "");
}

void scale_command_line_deck(const scale_request *request, scale_words *words)
{
    scale_words_add(words, "%s%s", *request->deck_path == '-' ? "./" : "", request->deck_path);
}

void scale_command_line_problem(const scale_request *request, scale_words *words)
{
    scale_words_add(words, "scale");
    scale_command_line_deck(request, words);
    for (int i = 0; i < request->set_count; i++) scale_words_add_option(words, "--set", request->sets[i]);
}

void scale_command_line_points(const scale_request *request, const scale_plan *plan, scale_words *words)
{
    add_lists(plan, words);
    if (plan->has_mode[SCALE_STRONG]) scale_words_add(words, "--strong");
    if (plan->has_mode[SCALE_WEAK]) scale_words_add(words, "--weak");
    if (request->grow) scale_words_add_option(words, "--grow", request->grow);
}

void scale_command_line_samples(const scale_request *request, scale_words *words)
{
    char number[32];
    scale_words_add(words, "--repeat");
    scale_words_add(words, "%d", request->rounds);
    scale_words_add(words, request->steps > 0 ? "--steps" : "--seconds");
    if (request->steps > 0) scale_words_add(words, "%ld", request->steps);
    else scale_words_add(words, "%s", pel_text_number(request->seconds, number));
}
