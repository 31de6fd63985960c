/* A job script. What Slurm does is taken from sbatch(1), srun(1) and scontrol(1) of versions 20.11 to 24.05:
 *
 *   - srun does not inherit --cpus-per-task (since 22.05), and refuses --hint beside --cpu-bind; so the job asks for
 *     --hint=nomultithread, and srun for the same by --threads-per-core=1, with SLURM_HINT out of its sight.
 *   - The task must get all cores unbound: Pelagos places threads within the mask that it is granted.
 *   - --signal without B: goes to the steps of the job, so to the study and not to the script.
 *   - The script may be run again, by requeueing or by a person: --resume starts the study or goes on with it.
 *
 * The job queues itself again only if the study was stopped as the end of the job came near. A job that was cancelled
 * stays so, and one that gets nowhere ends after some turns. */
#include "scale/slurm.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "io/publish.h"
#include "scale/command_line.h"
#include "scale/course.h"
#include "scale/process.h"
#include "sim/folder.h"

enum { SIGNAL_LEAD = 120, MOST_REQUEUES = 10 };

static const double slack = 60;           /* seconds in which the study writes its results and ends */
static const double measuring = 300;      /* seconds that `pelagos machine --measure` may take on a large node */
static const double time_margin = 1.5;    /* large weak points start slowly */
static const double least_time = 15 * 60; /* seconds of a job */
static const double unknown_time = 3600;  /* where samples are given in steps */

/* ---- the node ---- */

typedef struct node {
    int cores, packages, domains;
    int group[2]; /* cores of the smaller and of the larger of NUMA domain and package */
} node;

static int cores_beside_first(const pel_topology *topology, int (*group_of)(const pel_topology *, int core))
{
    int count = 0;
    for (int core = 0; core < pel_topology_cores(topology); core++)
        count += group_of(topology, core) == group_of(topology, 0);
    return count;
}

static pel_status describe_node(const char *synthetic, node *n)
{
    pel_topology *topology = NULL;
    PEL_TRY(pel_topology_load(synthetic, &topology));
    const int domain = cores_beside_first(topology, pel_topology_core_domain);
    const int package = cores_beside_first(topology, pel_topology_core_package);
    *n = (node){.cores = pel_topology_cores(topology),
                .packages = pel_topology_packages(topology),
                .domains = pel_topology_domains(topology),
                .group = {domain < package ? domain : package, domain < package ? package : domain}};
    pel_topology_free(topology);
    return PEL_OK;
}

/* ---- what the request leaves open ---- */

static void add_doublings(scale_request *q, int unit, int below)
{
    for (int threads = unit; threads < below && q->thread_count < SCALE_MOST_THREAD_COUNTS; threads *= 2)
        q->threads[q->thread_count++] = threads;
}

/* 1, 2, 4, ... within a domain, then whole domains, whole packages, all: beyond a domain, bandwidth grows by domains.
 */
static void choose_threads(const node *n, scale_request *q)
{
    if (q->thread_count > 0) return;
    add_doublings(q, 1, n->group[0]);
    add_doublings(q, n->group[0], n->group[1]);
    add_doublings(q, n->group[1], n->cores);
    add_doublings(q, n->cores, n->cores + 1);
}

/* Compact and spread are the same where there is one domain. */
static void choose_places(const node *n, scale_request *q)
{
    if (q->has_places[PEL_PLACEMENT_COMPACT] || q->has_places[PEL_PLACEMENT_SPREAD]) return;
    q->has_places[PEL_PLACEMENT_COMPACT] = true;
    q->has_places[PEL_PLACEMENT_SPREAD] = n->domains > 1;
}

/* ---- lines for sbatch ---- */

/* The deck's name with what a shell, a file name or sbatch could take amiss as dashes. */
static pel_status add_job_name(const char *deck_path, pel_text *text)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.";
    char *name = NULL;
    PEL_TRY(pel_folder_name(deck_path, &name));
    for (const char *at = name; *at; at++) pel_text_add(text, "%c", strchr(plain, *at) ? *at : '-');
    pel_text_add(text, "-scaling");
    free(name);
    return PEL_OK;
}

static double job_seconds(const scale_request *q, const scale_plan *plan)
{
    const double sample = scale_samples_expected_seconds(q), samples = plan->way_count * q->rounds + 1;
    if (!isfinite(sample)) return unknown_time;
    return fmax(least_time, measuring + time_margin * samples * sample);
}

/* In whole steps of 5 minutes, as "HH:MM:00" or "D-HH:MM:00". */
static void add_time(double seconds, pel_text *text)
{
    const int minutes = 5 * (int)ceil(seconds / 300), days = minutes / (24 * 60);
    if (days > 0) pel_text_add(text, "%d-", days);
    pel_text_add(text, "%02d:%02d:00", minutes / 60 % 24, minutes % 60);
}

static void add_count(pel_text *text, int count, const char *what)
{
    pel_text_add(text, "%d %s%s", count, what, count == 1 ? "" : "s");
}

static void add_advice(const scale_request *q, const node *n, const scale_plan *plan, pel_text *text)
{
    pel_text_add(text,
                 "#!/bin/bash\n# A scaling study by Pelagos, for Slurm. Submit it with sbatch; submitted again it "
                 "goes on where it stopped.\n#\n# It is for one node of ");
    add_count(text, n->packages, "package");
    pel_text_add(text, ", ");
    add_count(text, n->domains, "NUMA domain");
    pel_text_add(text, " and ");
    add_count(text, n->cores, "core");
    pel_text_add(text, ", and takes ");
    add_count(text, plan->way_count * q->rounds, "sample");
    pel_text_add(
        text, ".\n# CHANGE: a partition all of whose nodes are like that, and the account to charge; take one # away.\n"
              "##SBATCH --partition=NAME\n##SBATCH --account=NAME\n");
}

static pel_status add_directives(const scale_request *q, const node *n, const scale_plan *plan, pel_text *text)
{
    pel_text_add(text, "#SBATCH --job-name=");
    PEL_TRY(add_job_name(q->deck_path, text));
    pel_text_add(text, "\n# The whole node, one thread a core, all its memory: nobody else disturbs the figures.\n"
                       "#SBATCH --nodes=1\n#SBATCH --exclusive\n#SBATCH --ntasks=1\n");
    pel_text_add(text, "#SBATCH --cpus-per-task=%d\n#SBATCH --hint=nomultithread\n#SBATCH --mem=0\n", n->cores);
    pel_text_add(text,
                 q->steps > 0 ? "# How long samples of %ld steps take is not known here: CHANGE it if you know.\n"
                              : "# Estimated, with a margin. Should it be too short, the next turn goes on.\n",
                 q->steps);
    pel_text_add(text, "#SBATCH --time=");
    add_time(job_seconds(q, plan), text);
    pel_text_add(
        text,
        "\n# In time before the end the study is asked to stop; it writes what it has, and the job queues again."
        "\n#SBATCH --signal=USR1@%d\n#SBATCH --requeue\n#SBATCH --open-mode=append\n"
        "#SBATCH --output=%%x-%%j.log\n\n# CHANGE: the modules that Pelagos was built with.\n# module load NAME\n\n",
        SIGNAL_LEAD);
    return PEL_OK;
}

/* ---- the command ---- */

static void add_ending_words(const scale_request *q, bool is_quiet, scale_words *words)
{
    if (q->folder) scale_words_add_option(words, "-o", q->folder);
    if (is_quiet) scale_words_add(words, "--quiet");
    scale_words_add(words, "--resume");
}

/* Prints the words, for a shell, and frees them. */
static void add_words(scale_words *words, pel_text *text)
{
    scale_words_print(words, text);
    text->lost |= words->lost;
    scale_words_free(words);
}

static void add_quoted(const char *word, pel_text *text)
{
    scale_words words = {0};
    scale_words_add(&words, "%s", word);
    add_words(&words, text);
}

/* Where the script is made is where the paths of its command lead from. */
static pel_status add_places(pel_text *text)
{
    char here[SCALE_LONGEST_PATH], command[SCALE_LONGEST_PATH];
    if (!getcwd(here, sizeof here))
        return pel_fail(PEL_ERR_SYSTEM, "the name of this folder cannot be had: %s", strerror(errno));
    PEL_TRY(scale_process_path(command));
    pel_text_add(text, "cd ");
    add_quoted(here, text);
    pel_text_add(text, " || exit 5\npelagos=");
    add_quoted(command, text);
    pel_text_add(text, "\n\n");
    return PEL_OK;
}

static void add_command(const scale_request *q, const scale_script *script, const node *n, const scale_plan *plan,
                        pel_text *text)
{
    scale_words problem = {0}, points = {0}, samples = {0};
    scale_command_line_problem(q, &problem);
    scale_command_line_points(q, plan, &points);
    scale_command_line_samples(q, &samples);
    add_ending_words(q, script->is_quiet, &samples);
    pel_text_add(text, "# srun gives the study all cores, unbound: Pelagos places its threads itself.\n"
                       "unset OMP_PROC_BIND OMP_PLACES GOMP_CPU_AFFINITY OMP_NUM_THREADS SLURM_HINT\n");
    pel_text_add(text, "srun --nodes=1 --ntasks=1 --cpus-per-task=%d --threads-per-core=1 --cpu-bind=none \\\n",
                 n->cores);
    pel_text_add(text, "    \"$pelagos\" ");
    add_words(&problem, text);
    pel_text_add(text, " \\\n    ");
    add_words(&points, text);
    pel_text_add(text, " \\\n    ");
    add_words(&samples, text);
    pel_text_add(text, "\ncode=$?\n\n");
}

/* ---- the end of the job ---- */

/* Seconds before the end of the job after which the study may have stopped because of it. */
static int near_end(const scale_request *q)
{
    const double sample = scale_samples_expected_seconds(q);
    return (int)ceil(slack + fmax(SIGNAL_LEAD, isfinite(sample) ? 2 * sample : 0));
}

static void add_ending(const scale_request *q, pel_text *text)
{
    pel_text_add(text,
                 "# 3: stopped early. Near its end the job queues again, %d times at most; a cancelled one does not.\n"
                 "[ $code -eq 3 ] || exit $code\n",
                 MOST_REQUEUES);
    pel_text_add(text,
                 "if [ $((${SLURM_JOB_END_TIME:-9999999999} - $(date +%%s))) -le %d ] &&\n"
                 "    [ \"${SLURM_RESTART_COUNT:-0}\" -lt %d ] && scontrol requeue \"$SLURM_JOB_ID\"; then\n"
                 "    echo \"The study is not finished; this job is queued again and will go on.\"\n"
                 "else\n"
                 "    echo \"The study is not finished; submit this script again, and it goes on.\"\n"
                 "fi\n"
                 "exit 3\n",
                 near_end(q), MOST_REQUEUES);
}

/* ---- the script ---- */

static pel_status compose(const scale_request *q, const scale_script *script, const node *n, const scale_plan *plan,
                          pel_text *text)
{
    add_advice(q, n, plan, text);
    PEL_TRY(add_directives(q, n, plan, text));
    PEL_TRY(add_places(text));
    add_command(q, script, n, plan, text);
    add_ending(q, text);
    return text->lost ? pel_fail(PEL_ERR_MEMORY, "out of memory for the job script") : PEL_OK;
}

static pel_status put_out(const scale_script *script, const char *text)
{
    if (!script->path) {
        if (fputs(text, stdout) >= 0 && fflush(stdout) == 0) return PEL_OK;
        return pel_fail(PEL_ERR_FILE, "the job script cannot be written to standard output: %s", strerror(errno));
    }
    if (access(script->path, F_OK) == 0)
        return pel_fail(PEL_ERR_EXISTS, "%s is there already, perhaps with changes of yours; remove it or name another",
                        script->path);
    PEL_TRY(pel_publish_text(script->path, text));
    pel_log_info("%s is written; see what is marked CHANGE in it, then: sbatch %s", script->path, script->path);
    return PEL_OK;
}

/* What the person would otherwise learn from the study, after waiting in the queue for it. */
static void warn(const node *n, const scale_plan *plan)
{
    const int most = plan->thread_counts[plan->thread_count - 1];
    if (plan->why_not_weak) pel_log_warning("no weak points: %s", plan->why_not_weak);
    if (most > n->cores)
        pel_log_warning("%d threads are more than the %d core%s of the node, of which the job asks for one hardware "
                        "thread each: they will take turns",
                        most, n->cores, n->cores == 1 ? "" : "s");
}

pel_status scale_slurm_write(const scale_request *request, const scale_script *script, const pel_app *const *apps,
                             int app_count)
{
    node n;
    scale_request q = *request;
    scale_plan plan = {0};
    pel_text text = {0};
    PEL_TRY(describe_node(script->node, &n));
    choose_threads(&n, &q);
    choose_places(&n, &q);
    pel_status status = scale_plan_make(&q, apps, app_count, n.cores, &plan);
    if (status == PEL_OK) status = compose(&q, script, &n, &plan, &text);
    if (status == PEL_OK) status = put_out(script, pel_text_get(&text));
    if (status == PEL_OK) warn(&n, &plan);
    scale_plan_free(&plan);
    pel_text_free(&text);
    return status;
}
