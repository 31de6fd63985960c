/* The reference of an app's parameters, from the tables alone. */
#include <string.h>

#include "deck/values.h"

static const char *default_of(const pel_param *param)
{
    if (!param->initial) return "required";
    return param->initial[0] ? param->initial : "optional";
}

static void document_table(const pel_param *table, int indent, pel_text *text);

static void document_param(const pel_param *param, int indent, pel_text *text)
{
    pel_text takes = {0};
    pel_param_describe(param, param->unit ? param->unit : "", &takes);
    pel_text_add(text, "%*s%s%s%s\n", indent, "", param->name, param->initial && param->initial[0] ? " = " : " ",
                 default_of(param));
    if (param->help) pel_text_add(text, "%*s%s\n", indent + 4, "", param->help);
    pel_text_add(text, "%*stakes %s; %s\n", indent + 4, "", pel_text_get(&takes),
                 param->is_free ? "free to change on resume" : "fixed on resume");
    pel_text_free(&takes);
    if (!param->items) return;
    pel_text_add(text, "%*seach entry:\n", indent + 4, "");
    document_table(param->items, indent + 8, text);
}

static void document_table(const pel_param *table, int indent, pel_text *text)
{
    for (; table->name; table++) document_param(table, indent, text);
}

/* Whether an earlier table has a parameter of this name, which then counts. */
static bool is_hidden(const pel_param *const *tables, int before, const char *name)
{
    for (int i = 0; i < before; i++)
        for (const pel_param *p = tables[i]; p->name; p++)
            if (strcmp(p->name, name) == 0) return true;
    return false;
}

void pel_params_document(const pel_param *const *tables, int count, pel_text *text)
{
    for (int i = 0; i < count; i++)
        for (const pel_param *p = tables[i]; p->name; p++)
            if (!is_hidden(tables, i, p->name)) document_param(p, 0, text);
}
