/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A gzip stream that needs no compressor and has no end: a header (RFC 1952),
 * the start of a block of fixed Huffman codes (RFC 1951), and then thirteen
 * octets that mean 2,064 zeros, to be sent as often as one likes.
 */
#ifndef NEWSWIRE_TESTS_GZIPBOMB_H
#define NEWSWIRE_TESTS_GZIPBOMB_H

static const unsigned char gzipbomb_start[] = {
	0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 0x63, 0x18,
};

static const unsigned char gzipbomb_piece[] = {
	0x05, 0xa3, 0x60, 0x14, 0x8c, 0x82, 0x51,
	0x30, 0x0a, 0x46, 0xc1, 0x28, 0x18,
};

#endif
