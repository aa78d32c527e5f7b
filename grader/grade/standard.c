/* SPDX-License-Identifier: MIT */
#include "grade/standard.h"

#include "base/file.h"
#include "base/paths.h"
#include "base/temporary.h"
#include "intake/intake.h"

#include <stdlib.h>
#include <unistd.h>

bool standard_is_there(const struct lab *lab)
{
	char *path = path_join(lab->folder, "solution");
	bool there = access(path, F_OK) == 0;

	free(path);
	return there;
}

static int take_solution(
	const struct workshop *workshop, const char *folder, struct error *error)
{
	char *path = path_join(workshop->lab->folder, "solution");
	struct intake intake;
	int status = intake_take(&intake, workshop->lab, path, folder, 0, error);

	if (status == 0 && intake.complaint)
		status = error_set(error, "%s", intake.complaint);
	intake_release(&intake);
	free(path);
	return status;
}

char *standard_build(
	const struct workshop *workshop, enum build_variant variant, struct error *error)
{
	char *folder = folder_make_temporary(error);

	if (!folder)
		return NULL;
	struct build build = workshop_build(workshop, folder);
	struct build_outcome outcome = {0};
	int status = take_solution(workshop, folder, error);
	if (status == 0)
		status = build_player(&build, variant, &outcome, error);
	if (status == 0 && outcome.complaint)
		status = error_set(error, "the solution: %s", outcome.complaint);
	build_outcome_release(&outcome);
	if (status == 0)
		return folder;
	standard_remove(folder);
	return NULL;
}

void standard_remove(char *folder)
{
	struct error ignored;

	if (folder)
		folder_remove(folder, &ignored);
	free(folder);
}
