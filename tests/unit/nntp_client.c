/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/sockios.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "nntp_world.h"

#define PATIENCE 20000		/* turns of one millisecond at most */

void client_connect(struct client *client, const struct world *world)
{
	struct sockaddr_in address = {
		.sin_family = AF_INET,
		.sin_port = htons((uint16_t)world->port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};

	nw_buf_init(&client->got, 256 << 20);
	client->ended = false;
	client->fd = socket(AF_INET, SOCK_STREAM, 0);
	assert_true(client->fd >= 0);
	assert_int_equal(connect(client->fd, (struct sockaddr *)&address,
				 sizeof(address)), 0);
	assert_int_equal(fcntl(client->fd, F_SETFL, O_NONBLOCK), 0);
}

void client_close(struct client *client)
{
	(void)close(client->fd);
	nw_buf_free(&client->got);
}

void client_send(const struct client *client, const void *bytes, size_t len)
{
	assert_int_equal(send(client->fd, bytes, len, MSG_NOSIGNAL), len);
}

void client_pour(const struct client *client, struct world *world,
		 const char *bytes, size_t len)
{
	int left = 0, turns;
	ssize_t sent;

	while (len) {
		sent = send(client->fd, bytes, len, MSG_NOSIGNAL);
		assert_true(sent > 0 || errno == EAGAIN);
		if (sent > 0) {
			bytes += sent;
			len -= (size_t)sent;
		}
		world_turn(world);
	}
	for (turns = 0; turns < PATIENCE; turns++) {
		assert_int_equal(ioctl(client->fd, SIOCOUTQ, &left), 0);
		if (!left)
			break;
		world_turn(world);
		(void)poll(NULL, 0, 1);
	}
	assert_int_equal(left, 0);
}

void client_read(struct client *client)
{
	static char bytes[65536];
	ssize_t got;

	while ((got = read(client->fd, bytes, sizeof(bytes))) > 0)
		nw_buf_add(&client->got, bytes, (size_t)got);
	if (got == 0 || errno != EAGAIN)
		client->ended = true;
	assert_true(nw_buf_ok(&client->got));
}

void client_await(struct client *client, struct world *world, size_t len)
{
	struct pollfd poll_fd = { .fd = client->fd, .events = POLLIN };
	int i;

	for (i = 0; i < PATIENCE; i++) {
		world_turn(world);
		client_read(client);
		if (client->got.len >= len || client->ended)
			return;
		(void)poll(&poll_fd, 1, 1);
	}
	fail_msg("waited too long: %zu octets of %zu: %s", client->got.len,
		 len, client->got.len < 1000 ? client->got.data : "(many)");
}

void client_expect(struct client *client, struct world *world,
		   const char *text)
{
	size_t len = strlen(text);

	client_await(client, world, len);
	if (client->got.len < len || memcmp(client->got.data, text, len))
		fail_msg("expected: %s\ngot: %s", text, client->got.data);
	nw_buf_shift(&client->got, len);
}

void client_expect_end(struct client *client, struct world *world)
{
	client_await(client, world, SIZE_MAX);
	assert_true(client->ended);
	assert_string_equal(client->got.data, "");
}

void client_greet(struct client *client, struct world *world)
{
	client_connect(client, world);
	client_expect(client, world, greeting);
}

void client_ask(struct client *client, struct world *world, const char *text)
{
	client_send(client, text, strlen(text));
	world_turn(world);
}
