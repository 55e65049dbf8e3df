# SPDX-License-Identifier: GPL-3.0-or-later
# Perl's Net::NNTP on a group: prints what it got, a line for each call.
use strict;
use warnings;
use Net::NNTP;

my ($port) = @ARGV;
my $nntp = Net::NNTP->new(Host => '127.0.0.1', Port => $port, Reader => 1,
                          Timeout => 20) or die "no connection: $@\n";

sub line { print join(' ', map { defined ? $_ : 'undef' } @_), "\n" }

line('postok', $nntp->postok || 0);
line('date', $nntp->date);
my $groups = $nntp->list;
line('list', map { "$_=" . join(',', @{$groups->{$_}}) } sort keys %$groups);
my $news = $nntp->newsgroups('example.w*');
line('newsgroups', map { "$_=$news->{$_}" } sort keys %$news);
line('newgroups', sort keys %{$nntp->newgroups(1_590_000_000)});
line('overview_fmt', @{$nntp->overview_fmt});
line('group', $nntp->group('example.world'));
my $over = $nntp->xover([1, 4]);
line('xover', map { "$_=$over->{$_}[0]" } sort { $a <=> $b } keys %$over);
my $hdr = $nntp->xhdr('Message-ID', [1, 4]);
line('xhdr', map { "$_=$hdr->{$_}" } sort { $a <=> $b } keys %$hdr);
my $found = $nntp->xpat('Subject', '*[Ff]erry*', [1, 4]);
line('xpat', map { "$_=$found->{$_}" } sort { $a <=> $b } keys %$found);
my $new = $nntp->newnews(946_684_800, 'example.world');
line('newnews', sort @$new);
line('next', $nntp->next);
line('last', $nntp->last);
line('nntpstat', $nntp->nntpstat(4));
line('body', map { s/[\r\n]+//gr } @{$nntp->body(3)});
line('article', scalar @{$nntp->article('<u.ferry.2@example.invalid>')});
line('missing', $nntp->head(2), $nntp->code);
line('listgroup', join ',', @{$nntp->listgroup('example.world')});
line('post', $nntp->post('x'), $nntp->code);
line('nowhere', $nntp->group('example.nowhere'), $nntp->code);
line('quit', $nntp->quit ? 1 : 0);
