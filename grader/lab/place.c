/* SPDX-License-Identifier: MIT */
#include "lab/place.h"

#include <stdlib.h>
#include <string.h>
#include <yaml.h>

static int load(const char *text, yaml_document_t *document)
{
	yaml_parser_t parser;

	if (!yaml_parser_initialize(&parser))
		return -1;
	yaml_parser_set_input_string(&parser, (const unsigned char *)text, strlen(text));
	int loaded = yaml_parser_load(&parser, document);
	yaml_parser_delete(&parser);
	return loaded ? 0 : -1;
}

static int is_scalar(const yaml_node_t *node, const char *text, size_t length)
{
	return node && node->type == YAML_SCALAR_NODE &&
	       node->data.scalar.length == length &&
	       memcmp(node->data.scalar.value, text, length) == 0;
}

static yaml_node_t *value_of_key(yaml_document_t *document, const yaml_node_t *node,
	const char *key, size_t length)
{
	const yaml_node_pair_t *pair = node->data.mapping.pairs.start;

	for (; pair < node->data.mapping.pairs.top; pair++)
		if (is_scalar(yaml_document_get_node(document, pair->key), key, length))
			return yaml_document_get_node(document, pair->value);
	return NULL;
}

static yaml_node_t *entry_of_list(
	yaml_document_t *document, const yaml_node_t *node, const char *number)
{
	long index = strtol(number, NULL, 10);
	const yaml_node_item_t *start = node->data.sequence.items.start;

	return index < node->data.sequence.items.top - start
		       ? yaml_document_get_node(document, start[index])
		       : NULL;
}

long place_find(const char *text, const char *way)
{
	yaml_document_t document;

	if (load(text, &document))
		return 0;
	yaml_node_t *node = yaml_document_get_root_node(&document);
	while (node && *way) {
		size_t length = strcspn(way, ".");
		node = node->type == YAML_MAPPING_NODE
			       ? value_of_key(&document, node, way, length)
		       : node->type == YAML_SEQUENCE_NODE
			       ? entry_of_list(&document, node, way)
			       : NULL;
		way += length + (way[length] == '.');
	}
	long line = node ? (long)node->start_mark.line + 1 : 0;
	yaml_document_delete(&document);
	return line;
}

long place_find_key(const char *text, const char *key)
{
	yaml_document_t document;
	long line = 0;

	if (load(text, &document))
		return 0;
	/* Nodes are numbered from 1, in no order that matters. */
	const yaml_node_t *node = NULL;
	for (int i = 1; (node = yaml_document_get_node(&document, i)); i++) {
		if (node->type != YAML_MAPPING_NODE)
			continue;
		const yaml_node_pair_t *pair = node->data.mapping.pairs.start;
		for (; pair < node->data.mapping.pairs.top; pair++) {
			const yaml_node_t *name =
				yaml_document_get_node(&document, pair->key);
			long here = (long)name->start_mark.line + 1;
			if (is_scalar(name, key, strlen(key)) && (!line || here < line))
				line = here;
		}
	}
	yaml_document_delete(&document);
	return line;
}
