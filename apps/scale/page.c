/*
 * A study becomes a page by being put into one: the build makes a single HTML text of the files in page/ and of d3
 * (cmake/EmbedPage.cmake), with a mark where the study goes, and all drawing is done by the scripts in it.
 *
 * The study stands in a <script> element as JSON. There HTML looks for nothing but the element's end and for comments,
 * "</script" and "<!--" (HTML standard, 4.12.1.3), and JSON has "<" only within strings, where it can also be written
 * as "\u003c". So every "<" is written that way, and no text of a deck can end the element.
 */
#include "scale/page.h"

#include <stdlib.h>
#include <string.h>

#include "io/publish.h"

/* The page, zero-terminated, made by the build. */
extern const char scale_page_template[];

static const char mark[] = "@study@";

static void write_escaped(FILE *file, const char *json)
{
    for (const char *c = json; *c; c++) {
        if (*c == '<') fputs("\\u003c", file);
        else putc(*c, file);
    }
}

/* Failures to write stay with the file, where pel_publish_stream() finds them. */
static pel_status write_page(FILE *file, const void *json)
{
    const char *at = strstr(scale_page_template, mark);
    fwrite(scale_page_template, 1, (size_t)(at - scale_page_template), file);
    write_escaped(file, json);
    fputs(at + strlen(mark), file);
    return PEL_OK;
}

static pel_status check_format(const json_t *study)
{
    const char *format = json_string_value(json_object_get(study, "format"));
    if (format && strcmp(format, "pelagos-scale-1") == 0) return PEL_OK;
    return pel_fail(PEL_ERR_ARGUMENT,
                    "this is not a scaling study that the report can show: its format is %s, not pelagos-scale-1; "
                    "repeat the study with this version",
                    format ? format : "not given");
}

pel_status scale_page_write(const json_t *study, const char *path)
{
    PEL_TRY(check_format(study));
    char *json = json_dumps(study, JSON_COMPACT);
    if (!json) return pel_fail(PEL_ERR_MEMORY, "%s cannot be written: out of memory for the study's text", path);
    const pel_status status = pel_publish_stream(path, write_page, json);
    free(json);
    return status;
}
