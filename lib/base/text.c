/* Text helpers. The edit distance is the restricted Damerau-Levenshtein one (a swap of neighbours costs one). */
#include "base/text.h"

#include <ctype.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

void pel_text_add(pel_text *text, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    const int more = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (more < 0 || pel_memory_grow(&text->bytes, &text->capacity, text->length + (size_t)more + 1, 1) != PEL_OK) {
        text->lost = true;
    } else {
        vsnprintf(text->bytes + text->length, (size_t)more + 1, format, again);
        text->length += (size_t)more;
    }
    va_end(again);
}

/* Bytes of the character that begins here in UTF-8 (RFC 3629, section 4); 0: none does. */
static int character_length(const char *at)
{
    const unsigned char *c = (const unsigned char *)at;
    if (c[0] < 0x80) return 1;
    if (c[0] < 0xC2 || c[0] > 0xF4) return 0;
    const int length = c[0] < 0xE0 ? 2 : c[0] < 0xF0 ? 3 : 4;
    for (int i = 1; i < length; i++)
        if ((c[i] & 0xC0) != 0x80) return 0;
    const bool is_overlong = (c[0] == 0xE0 && c[1] < 0xA0) || (c[0] == 0xF0 && c[1] < 0x90);
    const bool is_surrogate = c[0] == 0xED && c[1] > 0x9F, is_beyond = c[0] == 0xF4 && c[1] > 0x8F;
    return is_overlong || is_surrogate || is_beyond ? 0 : length;
}

static bool is_plain_in_json(const char *at)
{
    return (unsigned char)*at >= ' ' && *at != '"' && *at != '\\' && character_length(at) > 0;
}

void pel_text_add_json(pel_text *text, const char *string)
{
    pel_text_add(text, "\"");
    for (const char *c = string; *c;) {
        int plain = 0;
        while (is_plain_in_json(c + plain)) plain += character_length(c + plain);
        pel_text_add(text, "%.*s", plain, c);
        c += plain;
        if (*c == '"' || *c == '\\') pel_text_add(text, "\\%c", *c++);
        else if (*c) pel_text_add(text, "\\u%04x", character_length(c) > 0 ? (unsigned)*c : 0xFFFDU), c++;
    }
    pel_text_add(text, "\"");
}

const char *pel_text_get(const pel_text *text)
{
    return text->bytes ? text->bytes : "";
}

void pel_text_free(pel_text *text)
{
    free(text->bytes);
    *text = (pel_text){0};
}

pel_status pel_text_copy(const char *text, char **copy)
{
    char *fresh = NULL;
    PEL_TRY(pel_memory_new(strlen(text) + 1, 1, &fresh));
    strcpy(fresh, text);
    *copy = fresh;
    return PEL_OK;
}

enum { LONGEST_NAME = 64 };

static int smaller(int a, int b)
{
    return a < b ? a : b;
}

static int edit_distance(const char *a, const char *b)
{
    const int n = (int)strlen(a), m = (int)strlen(b);
    if (n >= LONGEST_NAME || m >= LONGEST_NAME) return LONGEST_NAME;
    int d[LONGEST_NAME + 1][LONGEST_NAME + 1];
    for (int i = 0; i <= n; i++) d[i][0] = i;
    for (int j = 0; j <= m; j++) d[0][j] = j;
    for (int i = 1; i <= n; i++) {
        for (int j = 1; j <= m; j++) {
            const int change = tolower((unsigned char)a[i - 1]) != tolower((unsigned char)b[j - 1]);
            d[i][j] = smaller(smaller(d[i - 1][j], d[i][j - 1]) + 1, d[i - 1][j - 1] + change);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                d[i][j] = smaller(d[i][j], d[i - 2][j - 2] + 1);
        }
    }
    return d[n][m];
}

const char *pel_text_nearest(const char *name, const char *const *candidates, size_t count)
{
    const char *nearest = NULL;
    int best = 2 + (int)strlen(name) / 4; /* what may still be a slip of the finger */
    for (size_t i = 0; i < count; i++) {
        const int distance = edit_distance(name, candidates[i]);
        if (distance < best) {
            best = distance;
            nearest = candidates[i];
        }
    }
    return nearest;
}

/* Decimal digits that read back as the same bits, and then the plain form if it is no longer. */
const char *pel_text_number(double value, char out[32])
{
    int digits = 1;
    do snprintf(out, 32, "%.*g", digits, value);
    while (strtod(out, NULL) != value && !isnan(value) && ++digits <= 17);
    if (fabs(value) >= 1e-4 && fabs(value) < 1e15) {
        char plain[32];
        snprintf(plain, sizeof plain, "%.15g", value);
        if (strtod(plain, NULL) == value && strlen(plain) <= strlen(out) + 2) strcpy(out, plain);
    }
    return out;
}

const char *pel_text_duration(double seconds, char out[32])
{
    if (!(seconds < 1e15)) snprintf(out, 32, "unknown");
    else if (seconds < 59.95) snprintf(out, 32, "%.1f s", seconds);
    else if (seconds < 3599.5) snprintf(out, 32, "%d min %02d s", (int)(seconds + 0.5) / 60, (int)(seconds + 0.5) % 60);
    else if (seconds < 172800) snprintf(out, 32, "%d h %02d min", (int)seconds / 3600, (int)seconds % 3600 / 60);
    else snprintf(out, 32, "%.1f d", seconds / 86400);
    return out;
}

const char *pel_text_si(double value, char out[32])
{
    static const struct {
        double factor;
        const char *prefix;
    } scales[] = {{1e15, " P"}, {1e12, " T"}, {1e9, " G"}, {1e6, " M"}, {1e3, " k"}, {0, ""}};
    size_t i = 0;
    while (fabs(value) < scales[i].factor) i++;
    snprintf(out, 32, "%.3g%s", scales[i].factor > 0 ? value / scales[i].factor : value, scales[i].prefix);
    return out;
}
