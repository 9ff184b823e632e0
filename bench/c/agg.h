/* agg.h - the aggregation of copt.c: decode, flow table, windows. (Written for trials in WebAssembly too, hence __wasm__.)
 * modes: 0 count records only; 1 per directed (src,dst,proto) totals;
 *        2 as 1, plus per-window cells (bytes,packets per flow per window); 3 as 1 keyed on 5-tuple
 * Table: open addressing, 8-byte slots {tag,idx}; flows in a flat array of 64/72-byte records.
 */
#ifndef AGG_H
#define AGG_H
#include <stdint.h>
#ifndef AGG_ALLOC
#include <stdlib.h>
#include <string.h>
#define AGG_GROW(p,o,n) realloc((p),(n))
#define AGG_ZERO(p,n) memset((p),0,(n))
#endif
typedef struct { uint64_t k[5]; uint64_t bytes; uint32_t pkts, lastwin, lastcell, pad; } flow_t; /* 64 B */
typedef struct { uint32_t flow, win; uint64_t bytes; uint32_t pkts, pad; } cell_t;                /* 24 B */
typedef struct { uint32_t tag, idx; } slot_t;
typedef struct {
  slot_t *t; uint32_t mask; flow_t *f; uint32_t nf, cf; cell_t *c; uint32_t nc, cc;
  uint64_t pkts, bytes, nonip, frag, short_; uint64_t t0; uint32_t mode; uint64_t winus; uint64_t vw; uint64_t sub; uint32_t curwin; uint64_t winend, winstart;
} agg_t;
static inline uint64_t ld64(const uint8_t*p){ uint64_t v; __builtin_memcpy(&v,p,8); return v; }
static inline uint32_t ld32(const uint8_t*p){ uint32_t v; __builtin_memcpy(&v,p,4); return v; }
static inline uint16_t ld16(const uint8_t*p){ uint16_t v; __builtin_memcpy(&v,p,2); return v; }
static inline uint16_t be16(const uint8_t*p){ return __builtin_bswap16(ld16(p)); }
static inline uint64_t mixm(uint64_t a,uint64_t b){
#ifdef __wasm__
  uint64_t x=(a^b)*0x9E3779B97F4A7C15ULL; return x^(x>>29);
#else
  __uint128_t r=(__uint128_t)a*b; return (uint64_t)r^(uint64_t)(r>>64);
#endif
}
static inline uint32_t hashk(const uint64_t*k){
#ifdef __wasm__
  uint64_t h=(k[0]^0x2d358dccaa6c78a5ULL)*0x9E3779B97F4A7C15ULL; h^=h>>32; h=(h^k[1])*0xBF58476D1CE4E5B9ULL; h^=h>>29;
  if(k[4]&0x100){ h=(h^k[2])*0x9E3779B97F4A7C15ULL; h^=h>>32; h=(h^k[3])*0xBF58476D1CE4E5B9ULL; h^=h>>29; }
  h=(h^k[4])*0x94D049BB133111EBULL; h^=h>>32; return (uint32_t)h;
#else
  uint64_t h=mixm(k[0]^0x2d358dccaa6c78a5ULL,k[1]^0x8bb84b93962eacc9ULL);
  if(k[4]&0x100) h=mixm(h^k[2]^0x4b33a62ed433d4a3ULL,k[3]^0x4d5a2da51de1aa47ULL);
  h=mixm(h^0xa0761d6478bd642fULL,k[4]^0xe7037ed1a0b428dbULL); return (uint32_t)(h^(h>>32));
#endif
}
static void agg_rehash(agg_t*a,uint32_t n){
  uint32_t old=a->mask?a->mask+1:0; (void)old; a->t=AGG_GROW(a->t,(uint64_t)old*sizeof(slot_t),(uint64_t)n*sizeof(slot_t)); AGG_ZERO(a->t,(uint64_t)n*sizeof(slot_t)); a->mask=n-1;
  for(uint32_t i=0;i<a->nf;i++){ uint32_t h=hashk(a->f[i].k),j=h&a->mask; while(a->t[j].idx) j=(j+1)&a->mask; a->t[j].tag=h; a->t[j].idx=i+1; }
}
static void agg_init(agg_t*a,uint32_t mode,uint64_t winus){ AGG_ZERO(a,sizeof *a); a->mode=mode; a->winus=winus?winus:1000000; agg_rehash(a,1u<<12); a->cf=2048; a->f=AGG_GROW(0,0,(uint64_t)a->cf*sizeof(flow_t)); a->cc=4096; a->c=AGG_GROW(0,0,(uint64_t)a->cc*sizeof(cell_t)); }
static __attribute__((noinline)) void agg_growf(agg_t*a){ uint64_t o=(uint64_t)a->cf*sizeof(flow_t); a->cf*=2; a->f=AGG_GROW(a->f,o,o*2); if(a->cf>(a->mask+1)/2) agg_rehash(a,(a->mask+1)*2); }
static __attribute__((noinline)) void agg_growc(agg_t*a){ uint64_t o=(uint64_t)a->cc*sizeof(cell_t); a->cc*=2; a->c=AGG_GROW(a->c,o,o*2); }
static inline __attribute__((always_inline)) void agg_pkt(agg_t*a,const uint8_t*p,uint32_t cap,uint32_t wire,uint32_t sec,uint32_t usec,const uint32_t mode){
  a->pkts++; a->bytes+=wire; if(mode==0) return;
  if(cap<34){ a->short_++; return; }
  uint32_t et=be16(p+12), off=14;
  while(et==0x8100||et==0x88a8){ if(off+4>cap){a->short_++;return;} et=be16(p+off+2); off+=4; }
  uint64_t k[5]; 
  if(et==0x0800){
    if(off+20>cap){a->short_++;return;}
    const uint8_t*q=p+off; k[0]=ld32(q+12); k[1]=ld32(q+16); k[2]=k[3]=0; k[4]=q[9];
    if(mode==3){ uint32_t pr=q[9]; off+=(q[0]&15)*4; if((pr==6||pr==17)&&!(be16(q+6)&0x1fff)&&off+4<=cap) k[4]|=(uint64_t)ld32(p+off)<<16; }
  } else if(et==0x86DD){
    if(off+40>cap){a->short_++;return;}
    const uint8_t*q=p+off; uint32_t nh=q[6]; off+=40;
    while(nh==0||nh==43||nh==60||nh==51||nh==44){ if(off+8>cap) break; uint32_t n=p[off]; off+= nh==44?8: nh==51?(p[off+1]+2)*4:(p[off+1]+1)*8; nh=n; }
    k[0]=ld64(q+8);k[1]=ld64(q+16);k[2]=ld64(q+24);k[3]=ld64(q+32);k[4]=nh|0x100;
    if(mode==3&&(nh==6||nh==17)&&off+4<=cap) k[4]|=(uint64_t)ld32(p+off)<<16;
  } else { a->nonip++; return; }
  uint32_t h=hashk(k), j=h&a->mask; flow_t*f;
  for(;;){ slot_t s=a->t[j];
    if(!s.idx){ if(a->nf==a->cf){ agg_growf(a); j=h&a->mask; continue; }
      f=&a->f[a->nf++]; a->t[j].tag=h; a->t[j].idx=a->nf; f->k[0]=k[0];f->k[1]=k[1];f->k[2]=k[2];f->k[3]=k[3];f->k[4]=k[4]; f->bytes=0;f->pkts=0;f->lastwin=~0u;f->lastcell=0; break; }
    if(s.tag==h){ f=&a->f[s.idx-1]; if(f->k[0]==k[0]&&f->k[1]==k[1]&&f->k[4]==k[4]&&f->k[2]==k[2]&&f->k[3]==k[3]) break; }
    j=(j+1)&a->mask; }
  f->bytes+=wire; f->pkts++;
  if(mode==2){
    uint64_t us=(uint64_t)sec*1000000u+usec; if(a->pkts==1) {a->t0=us; a->winstart=us; a->winend=us+a->winus;}
    if(us>=a->winend||us<a->winstart){ uint64_t d=us<a->t0?0:us-a->t0; a->curwin=(uint32_t)(d/a->winus); a->winstart=a->t0+(uint64_t)a->curwin*a->winus; a->winend=a->winstart+a->winus; }
    uint32_t w=a->curwin;
    if(f->lastwin!=w){ if(a->nc==a->cc) agg_growc(a); f->lastwin=w; f->lastcell=a->nc; cell_t*c=&a->c[a->nc++]; c->flow=(uint32_t)(f-a->f); c->win=w; c->bytes=wire; c->pkts=1; }
    else { cell_t*c=&a->c[f->lastcell]; c->bytes+=wire; c->pkts++; }
  }
}

/* Batched variant: parse+hash B packets first, touch (prefetch) their slots, then their flow records,
 * then update. Hides DRAM/L3 latency when the table is larger than L2. Same results as agg_pkt. */
#define AGG_B 32
#ifdef __wasm__
#define AGG_PF(p) ((void)0)
#else
#define AGG_PF(p) __builtin_prefetch((p))
#endif
typedef struct { uint64_t k[5]; uint32_t h, wire, win, slot; } bent_t;
static bent_t agg_bb[AGG_B]; static uint32_t agg_bn;
static inline __attribute__((always_inline)) void agg_upd(agg_t*a,const bent_t*e,const uint32_t mode){
  const uint64_t*k=e->k; uint32_t h=e->h, j=h&a->mask; flow_t*f;
  for(;;){ slot_t s=a->t[j];
    if(!s.idx){ if(a->nf==a->cf){ agg_growf(a); j=h&a->mask; continue; }
      f=&a->f[a->nf++]; a->t[j].tag=h; a->t[j].idx=a->nf; f->k[0]=k[0];f->k[1]=k[1];f->k[2]=k[2];f->k[3]=k[3];f->k[4]=k[4]; f->bytes=0;f->pkts=0;f->lastwin=~0u;f->lastcell=0; break; }
    if(s.tag==h){ f=&a->f[s.idx-1]; if(f->k[0]==k[0]&&f->k[1]==k[1]&&f->k[4]==k[4]&&f->k[2]==k[2]&&f->k[3]==k[3]) break; }
    j=(j+1)&a->mask; }
  f->bytes+=e->wire; f->pkts++;
  if(mode==2){ uint32_t w=e->win;
    if(f->lastwin!=w){ if(a->nc==a->cc) agg_growc(a); f->lastwin=w; f->lastcell=a->nc; cell_t*c=&a->c[a->nc++]; c->flow=(uint32_t)(f-a->f); c->win=w; c->bytes=e->wire; c->pkts=1; }
    else { cell_t*c=&a->c[f->lastcell]; c->bytes+=e->wire; c->pkts++; } }
}
static __attribute__((noinline)) void agg_flush(agg_t*a,const uint32_t mode){
  uint32_t n=agg_bn; uint64_t sink=0;
  for(uint32_t i=0;i<n;i++){ slot_t s=a->t[agg_bb[i].h&a->mask]; if(s.idx){
#ifdef __wasm__
      sink+=a->f[s.idx-1].bytes;   /* plain load: independent loads overlap out of order */
#else
      __builtin_prefetch(&a->f[s.idx-1],1);
#endif
  } }
  a->sub=sink;
  if(mode==2) for(uint32_t i=0;i<n;i++) agg_upd(a,&agg_bb[i],2); else for(uint32_t i=0;i<n;i++) agg_upd(a,&agg_bb[i],1);
  agg_bn=0;
}
static inline __attribute__((always_inline)) void agg_pktb(agg_t*a,const uint8_t*p,uint32_t cap,uint32_t wire,uint32_t sec,uint32_t usec,const uint32_t mode){
  a->pkts++; a->bytes+=wire; if(mode==0) return;
  if(cap<34){ a->short_++; return; }
  uint32_t et=be16(p+12), off=14; bent_t*e=&agg_bb[agg_bn]; uint64_t*k=e->k;
  while(et==0x8100||et==0x88a8){ if(off+4>cap){a->short_++;return;} et=be16(p+off+2); off+=4; }
  if(et==0x0800){
    if(off+20>cap){a->short_++;return;}
    const uint8_t*q=p+off; k[0]=ld32(q+12); k[1]=ld32(q+16); k[2]=k[3]=0; k[4]=q[9];
    if(mode==3){ uint32_t pr=q[9]; off+=(q[0]&15)*4; if((pr==6||pr==17)&&!(be16(q+6)&0x1fff)&&off+4<=cap) k[4]|=(uint64_t)ld32(p+off)<<16; }
  } else if(et==0x86DD){
    if(off+40>cap){a->short_++;return;}
    const uint8_t*q=p+off; uint32_t nh=q[6]; off+=40;
    while(nh==0||nh==43||nh==60||nh==51||nh==44){ if(off+8>cap) break; uint32_t n=p[off]; off+= nh==44?8: nh==51?(p[off+1]+2)*4:(p[off+1]+1)*8; nh=n; }
    k[0]=ld64(q+8);k[1]=ld64(q+16);k[2]=ld64(q+24);k[3]=ld64(q+32);k[4]=nh|0x100;
    if(mode==3&&(nh==6||nh==17)&&off+4<=cap) k[4]|=(uint64_t)ld32(p+off)<<16;
  } else { a->nonip++; return; }
  e->h=hashk(k); e->wire=wire; AGG_PF(&a->t[e->h&a->mask]);
  if(mode==2){
    uint64_t us=(uint64_t)sec*1000000u+usec; if(a->pkts==1) {a->t0=us; a->winstart=us; a->winend=us+a->winus;}
    if(us>=a->winend||us<a->winstart){ uint64_t d=us<a->t0?0:us-a->t0; a->curwin=(uint32_t)(d/a->winus); a->winstart=a->t0+(uint64_t)a->curwin*a->winus; a->winend=a->winstart+a->winus; }
    e->win=a->curwin; }
  if(++agg_bn==AGG_B) agg_flush(a,mode);
}
#endif
