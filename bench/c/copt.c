/* copt - the C program that netkit is held against: the job of `analyze --window` (bytes per pair and window), as fast as we
 * could make it, and nothing beside it: one core, classic little-endian pcap of Ethernet only, no reports, no names.
 * Not part of netkit; bench/run.js compiles and runs `copt win readB FILE 5000000`.
 *   copt MODE INPUT FILE [WINDOW_US] [CHUNK]   MODE count|pair|win|five   INPUT read|mmap|pop|pcap
 * build: gcc -O3 -march=native -o copt copt.c -lpcap
 */
#define _GNU_SOURCE
#include "agg.h"
#include <stdio.h>
#include <fcntl.h>
#include <unistd.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <pcap/pcap.h>
static agg_t A;
#define WALK(MODE) static size_t walk##MODE(const uint8_t*b,size_t n){ size_t o=0; while(o+16<=n){ uint32_t cap=ld32(b+o+8); if(o+16+cap>n) break; \
   agg_pkt(&A,b+o+16,cap,ld32(b+o+12),ld32(b+o),ld32(b+o+4),MODE); o+=16+cap; } return o; } \
   static void cb##MODE(u_char*u,const struct pcap_pkthdr*h,const u_char*p){ agg_pkt(&A,p,h->caplen,h->len,(uint32_t)h->ts.tv_sec,(uint32_t)h->ts.tv_usec,MODE); }
WALK(0) WALK(1) WALK(2) WALK(3)
#define WALKB(MODE) static size_t walkb##MODE(const uint8_t*b,size_t n){ size_t o=0; while(o+16<=n){ uint32_t cap=ld32(b+o+8); if(o+16+cap>n) break; \
   agg_pktb(&A,b+o+16,cap,ld32(b+o+12),ld32(b+o),ld32(b+o+4),MODE); o+=16+cap; } return o; }
WALKB(1) WALKB(2) WALKB(3)
static int m;
static size_t (*W[4])(const uint8_t*,size_t)={walk0,walk1,walk2,walk3};
static const pcap_handler CB[4]={cb0,cb1,cb2,cb3};
int main(int c,char**v){
  if(c<4) return 2;
  m=!strcmp(v[1],"count")?0:!strcmp(v[1],"pair")?1:!strcmp(v[1],"win")?2:3; uint64_t win=c>4?strtoull(v[4],0,10):1000000; size_t chunk=c>5?strtoull(v[5],0,10):1u<<20;
  agg_init(&A,m,win); if(v[2][strlen(v[2])-1]=='B'){ W[1]=walkb1; W[2]=walkb2; W[3]=walkb3; v[2][strlen(v[2])-1]=0; }
  if(!strcmp(v[2],"pcap")){ char e[256]; pcap_t*p=pcap_open_offline(v[3],e); if(!p){fprintf(stderr,"%s\n",e);return 1;} pcap_loop(p,-1,CB[m],0); pcap_close(p); }
  else { int fd=open(v[3],O_RDONLY); struct stat st; fstat(fd,&st);
    if(v[2][0]=='m'||!strcmp(v[2],"pop")){ const uint8_t*b=mmap(0,st.st_size,PROT_READ,MAP_PRIVATE|(v[2][0]=='p'?MAP_POPULATE:0),fd,0); madvise((void*)b,st.st_size,MADV_SEQUENTIAL); W[m](b+24,st.st_size-24); }
    else { size_t cap=chunk+(1u<<19); uint8_t*b=malloc(cap); size_t have=0; int first=1; for(;;){ ssize_t k=read(fd,b+have,chunk); if(k<=0) break; have+=k; size_t o=0; if(first){o=24;first=0;} o+=W[m](b+o,have-o); have-=o; memmove(b,b+o,have); } }
  }
  if(agg_bn) agg_flush(&A,m); uint32_t top=0; for(uint32_t i=1;i<A.nf;i++) if(A.f[i].bytes>A.f[top].bytes) top=i;
  printf("pkts=%llu bytes=%llu flows=%u cells=%u nonip=%llu short=%llu top_bytes=%llu top_pkts=%u\n",(unsigned long long)A.pkts,(unsigned long long)A.bytes,A.nf,A.nc,(unsigned long long)A.nonip,(unsigned long long)A.short_,A.nf?(unsigned long long)A.f[top].bytes:0ULL,A.nf?A.f[top].pkts:0);
  return 0; }
