/* SPDX-License-Identifier: MIT */
#include "sandbox/host.h"

#include "sandbox/box.h"
#include "sandbox/inside.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The number in a file of /proc, or fallback. */
static long number_in(const char *path, long fallback)
{
	FILE *file = fopen(path, "re");
	char line[32];
	long number = fallback;

	if (file && fgets(line, sizeof(line), file))
		number = strtol(line, NULL, 10);
	if (file)
		(void)fclose(file);
	return number;
}

static bool is_filtered(void)
{
	FILE *file = fopen("/proc/self/status", "re");
	char line[256];
	bool filtered = false;

	while (file && fgets(line, sizeof(line), file))
		if (strncmp(line, "Seccomp:", 8) == 0)
			filtered = strtol(line + 8, NULL, 10) == 2;
	if (file)
		(void)fclose(file);
	return filtered;
}

static enum host_obstacle find_obstacle(const struct host *host)
{
	if (number_in("/proc/sys/user/max_user_namespaces", 1) == 0 ||
		number_in("/proc/sys/kernel/unprivileged_userns_clone", 1) == 0)
		return HOST_SYSCTL;
	if (number_in("/proc/sys/kernel/apparmor_restrict_unprivileged_userns", 0) == 1)
		return HOST_APPARMOR;
	return host->filtered ? HOST_CONTAINER : HOST_NO_OBSTACLE;
}

void host_look(struct host *host)
{
	struct cgroup group;

	memset(host, 0, sizeof(*host));
	host->root = geteuid() == 0;
	host->filtered = is_filtered();
	host->landlock_abi = landlock_abi();
	if (cgroup_create(&group, 64 << 20, &host->cgroup_reason) == 0)
		host->cgroup_version = group.version;
	cgroup_remove(&group);
	host->obstacle = find_obstacle(host);
}

const char *host_advice(enum host_obstacle obstacle)
{
	switch (obstacle) {
	case HOST_SYSCTL:
		return "This system forbids user namespaces by a sysctl. As root:\n"
		       "    sysctl user.max_user_namespaces=10000\n"
		       "    sysctl kernel.unprivileged_userns_clone=1   (old Debian)\n";
	case HOST_APPARMOR:
		return "AppArmor forbids user namespaces to programs without a profile "
		       "(Ubuntu 24.04\nand newer). As root, put this into "
		       "/etc/apparmor.d/interlock and reload AppArmor:\n"
		       "    abi <abi/4.0>,\n"
		       "    include <tunables/global>\n"
		       "    profile interlock /usr/{,local/}bin/interlock "
		       "flags=(unconfined) {\n"
		       "      userns,\n"
		       "    }\n";
	case HOST_CONTAINER:
		return "A system-call filter is on this process, as container runtimes "
		       "put "
		       "one. In\nDocker or Podman, start the container with\n"
		       "    --security-opt seccomp=unconfined --security-opt "
		       "systempaths=unconfined\n"
		       "and, where AppArmor is in use, --security-opt "
		       "apparmor=unconfined.\n";
	case HOST_NO_OBSTACLE:
		break;
	}
	return "";
}
