/* fails keeps_the_order: prints the items in order in place of handing them over */
#include "buffer.h"

#include <stdio.h>

void buffer_put(struct buffer *buffer, long item)
{
	(void)buffer;
	printf("%ld\n", item);
}

long buffer_get(struct buffer *buffer)
{
	(void)buffer;
	return 0;
}
