/*
 * gen.c - deterministic synthetic capture generator (classic pcap, little-endian, us or ns).
 * Not part of netkit; bench/lib/captures.js compiles and runs it.
 *
 * Everything is derived from --seed through xorshift/splitmix, so the same
 * arguments give the same bytes (on every machine whose libm rounds log and pow alike).
 *
 *   gcc -O2 -o gen gen.c -lm
 *   gen --out F --packets N --convs C --zipf S --span SEC --mode imix|small|flows
 *       [--v6 30] [--seed 1] [--nsec] [--snaplen 262144] [--vlan PCT]
 *
 * mode imix : 64/576/1500-like mix, mean ~700 B, TCP 78% UDP 20% ICMP 2% (by conversation)
 * mode small: 64..90 B frames as captured (no FCS); IPv6/TCP ones are 74..90
 * mode flows: each conversation is visited round-robin-ish (packet i belongs to a
 *             permuted conversation i mod C), so all C 5-tuples are live: memory stress; 64..243 B frames
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <stdint.h>
#include <math.h>
#include <fcntl.h>
#include <unistd.h>

static uint64_t rs;
static inline uint64_t sm64(uint64_t x){ x+=0x9E3779B97F4A7C15ULL; x=(x^(x>>30))*0xBF58476D1CE4E5B9ULL; x=(x^(x>>27))*0x94D049BB133111EBULL; return x^(x>>31);}
static inline uint64_t rnd(void){ rs^=rs<<13; rs^=rs>>7; rs^=rs<<17; return rs*0x2545F4914F6CDD1DULL; }
static inline double rndf(void){ return (rnd()>>11)*(1.0/9007199254740992.0); }
static inline uint32_t rndn(uint32_t n){ return (uint32_t)(((rnd()>>32)*(uint64_t)n)>>32); }

typedef struct {
  uint8_t v6, proto, app; /* app: 0 bulk,1 interactive,2 dns-ish,3 quic/video,4 icmp */
  uint8_t a[16], b[16];
  uint16_t pa, pb;
  uint32_t seqa, seqb, pkts;
} conv_t;

/* Walker alias for zipf sampling */
static uint32_t *al; static double *pr; static uint32_t C;
static void alias_build(double s){
  double *w=malloc(sizeof(double)*C), sum=0; uint32_t *sm=malloc(4*C),*lg=malloc(4*C); uint32_t ns=0,nl=0;
  al=malloc(4*C); pr=malloc(sizeof(double)*C);
  for(uint32_t i=0;i<C;i++){ w[i]=1.0/pow(i+1.0,s); sum+=w[i]; }
  for(uint32_t i=0;i<C;i++){ w[i]=w[i]/sum*C; if(w[i]<1) sm[ns++]=i; else lg[nl++]=i; }
  while(ns&&nl){ uint32_t l=sm[--ns], g=lg[--nl]; pr[l]=w[l]; al[l]=g; w[g]-=1-w[l]; if(w[g]<1) sm[ns++]=g; else lg[nl++]=g; }
  while(nl){ uint32_t g=lg[--nl]; pr[g]=1; al[g]=g; } while(ns){ uint32_t l=sm[--ns]; pr[l]=1; al[l]=l; }
  free(w);free(sm);free(lg);
}
static inline uint32_t zipf(void){ uint32_t i=rndn(C); return rndf()<pr[i]?i:al[i]; }

static uint8_t *ob; static size_t on, ocap=8u<<20; static int ofd;
static void oflush(void){ size_t o=0; while(o<on){ ssize_t k=write(ofd,ob+o,on-o); if(k<=0){perror("write");exit(1);} o+=k; } on=0; }
static inline void put16(uint8_t*p,uint16_t v){p[0]=v>>8;p[1]=v;}
static inline void put32(uint8_t*p,uint32_t v){p[0]=v>>24;p[1]=v>>16;p[2]=v>>8;p[3]=v;}
static uint32_t csum_add(uint32_t s,const uint8_t*p,int n){ while(n>1){ s+=(p[0]<<8)|p[1]; p+=2;n-=2;} if(n) s+=p[0]<<8; return s; }
static uint16_t csum_fin(uint32_t s){ while(s>>16) s=(s&0xffff)+(s>>16); return ~s; }

/* fresh payload every time (no repeats for an LZ window to find): 3/4 of conversations look
   encrypted (incompressible), 1/4 look like text (5 bits/char) */
static void fill(uint8_t*p,int n,int text){
  static const char sym[33]="etaoin shrdlu<>/=\"0123456789ABC.";
  if(!text){ int i=0; for(;i+8<=n;i+=8){ uint64_t r=rnd(); memcpy(p+i,&r,8);} if(i<n){ uint64_t r=rnd(); memcpy(p+i,&r,n-i);} }
  else for(int i=0;i<n;){ uint64_t r=rnd()>>4; for(int k=0;k<12&&i<n;k++,i++,r>>=5) p[i]=sym[r&31]; }
}

int main(int argc,char**argv){
  const char*out=NULL,*mode="imix"; uint64_t N=1500000; C=20000; double S=1.0,span=300; int v6pct=30,nsec=0,vlanpct=0; uint64_t seed=1; uint32_t snap=262144;
  double mean=0;
  for(int i=1;i<argc;i++){
    #define A(n) (!strcmp(argv[i],n)&&i+1<argc)
    if A("--out") out=argv[++i]; else if A("--packets") N=strtoull(argv[++i],0,10); else if A("--convs") C=atoi(argv[++i]);
    else if A("--zipf") S=atof(argv[++i]); else if A("--span") span=atof(argv[++i]); else if A("--mode") mode=argv[++i];
    else if A("--v6") v6pct=atoi(argv[++i]); else if A("--seed") seed=strtoull(argv[++i],0,10); else if(!strcmp(argv[i],"--nsec")) nsec=1;
    else if A("--snaplen") snap=atoi(argv[++i]); else if A("--vlan") vlanpct=atoi(argv[++i]);
    else { fprintf(stderr,"bad arg %s\n",argv[i]); return 2; }
  }
  if(!out){ fprintf(stderr,"--out needed\n"); return 2; }
  int m = !strcmp(mode,"small")?1:!strcmp(mode,"flows")?2:0;
  rs=sm64(seed)|1; 
  conv_t *cv=calloc(C,sizeof *cv);
  uint32_t nclients = C/8<16?16:C/8, nservers=C/40<8?8:C/40;
  for(uint32_t i=0;i<C;i++){
    conv_t*c=&cv[i]; c->v6 = rndn(100)<(uint32_t)v6pct;
    uint32_t cl=rndn(nclients), sv=rndn(nservers), r=rndn(100);
    if(m==2){ cl=i%nclients; sv=rndn(nservers);}          
    if(c->v6){
      static const uint8_t pc[6]={0x20,0x01,0x0d,0xb8,0x00,0x01}, ps[6]={0x20,0x01,0x0d,0xb8,0x00,0x02};
      memcpy(c->a,pc,6); put32(c->a+12,(uint32_t)sm64(cl)); put32(c->a+8,cl); 
      memcpy(c->b,ps,6); put32(c->b+12,sv+1);
    } else {
      put32(c->a,0x0A000000u|((cl+1)&0xFFFFFF)); put32(c->b,0xC6120000u+((sv+1)&0x1FFFF)); /* 10/8 -> 198.18/15 */
    }
    c->pa=1024+rndn(64000);
    if(m==2){ c->pa=1024+(i/nclients)*7+rndn(7); }
    if(r<78){ c->proto=6; c->app = r<45?0:1; uint32_t q=rndn(10); c->pb = q<7?443:q<8?80:q<9?22:8080; }
    else if(r<98){ c->proto=17; c->app = r<86?2:3; c->pb = c->app==2?53:(rndn(2)?443:rndn(2)?3478:123); }
    else { c->proto=c->v6?58:1; c->app=4; c->pa=rndn(65536); c->pb=0; }
    c->seqa=(uint32_t)rnd(); c->seqb=(uint32_t)rnd();
  }
  if(m!=2) alias_build(S);
  ob=malloc(ocap+(1<<17)); ofd=open(out,O_CREAT|O_TRUNC|O_WRONLY,0644); if(ofd<0){perror(out);return 1;}
  uint32_t gh[6]={nsec?0xa1b23c4du:0xa1b2c3d4u,0x00040002u,0,0,snap,1}; memcpy(ob,gh,24); on=24;
  double t=0, dt=span/(double)N; uint64_t bytes=0,c4=0,c6=0,ct=0,cu=0,ci=0; 
  uint64_t base=1700000000ULL;
  uint32_t stride = 0x9E3779B1u; while(m==2){ uint32_t a=stride%C,b=C; while(b){uint32_t q=a%b;a=b;b=q;} if(a==1)break; stride+=2; }
  for(uint64_t i=0;i<N;i++){
    uint32_t ix = m==2 ? (uint32_t)((i%C)*(uint64_t)(stride%C)%C) : zipf();
    conv_t*c=&cv[ix]; c->pkts++;
    /* exponential inter-arrival with mean dt, truncated */
    double g=-log(1-rndf()*0.999999)*dt; t+=g; 
    int rev = rndn(100)<(c->app==0?60:c->app==3?70:50);   /* server->client share */
    int v6=c->v6, l3=v6?40:20, l4=c->proto==6?(32):c->proto==17?8:8, vl = vlanpct&&(int)(ix%100)<vlanpct?4:0;
    int pay;
    if(m){ int fl=m==1?64+rndn(27):64+rndn(180); pay=fl-14-vl-l3-(c->proto==6?20:8); if(pay<0)pay=0; l4=c->proto==6?20:8; }
    else {
      uint32_t r=rndn(100);
      switch(c->app){
        case 0: pay = rev ? (r<78?1448:r<88?(int)(200+rndn(1200)):0) : (r<70?0:r<80?(int)(100+rndn(500)):1448*(r>88)); break;
        case 1: pay = r<40?0:(int)(20+rndn(500)); break;
        case 2: pay = rev? (int)(80+rndn(400)) : (int)(28+rndn(40)); break;
        case 3: pay = r<72?(int)(1100+rndn(250)):(int)(40+rndn(400)); break;
        default: pay = 56; }
      if(v6&&pay>1428) pay=1428;
    }
    int ipl=l3+l4+pay, fl=14+vl+ipl; int pad = fl<60?60-fl:0; int wire=fl+pad; int cap=wire>(int)snap?(int)snap:wire;
    uint8_t*p=ob+on; uint64_t us;
    if(nsec){ uint64_t ns=(uint64_t)(t*1e9); uint32_t h[4]={(uint32_t)(base+ns/1000000000u),(uint32_t)(ns%1000000000u),(uint32_t)cap,(uint32_t)wire}; memcpy(p,h,16);} 
    else { us=(uint64_t)(t*1e6); uint32_t h[4]={(uint32_t)(base+us/1000000u),(uint32_t)(us%1000000u),(uint32_t)cap,(uint32_t)wire}; memcpy(p,h,16);} 
    uint8_t*e=p+16;
    static const uint8_t macs[2][6]={{0x02,0,0,0,0,1},{0x02,0,0,0,0,2}};
    memcpy(e,macs[rev],6); memcpy(e+6,macs[!rev],6); uint8_t*q=e+12;
    if(vl){ put16(q,0x8100); put16(q+2,100+ix%3); q+=4; }
    put16(q,v6?0x86DD:0x0800); q+=2;
    uint8_t*s=rev?c->b:c->a,*d=rev?c->a:c->b; uint32_t ps;
    if(v6){ put32(q,0x60000000u|(ix&0xFFFFF)); put16(q+4,l4+pay); q[6]=c->proto; q[7]=rev?58:64; memcpy(q+8,s,16); memcpy(q+24,d,16); ps=csum_add(0,q+8,32); c6++; }
    else { q[0]=0x45;q[1]=0; put16(q+2,ipl); put16(q+4,(uint16_t)i); put16(q+6,0x4000); q[8]=rev?58:64; q[9]=c->proto; put16(q+10,0); memcpy(q+12,s,4); memcpy(q+16,d,4); put16(q+10,csum_fin(csum_add(0,q,20))); ps=csum_add(0,q+12,8); c4++; }
    uint8_t*h=q+l3; ps+=c->proto+l4+pay; if(c->proto==1) ps=0;
    uint16_t sp=rev?c->pb:c->pa, dp=rev?c->pa:c->pb; uint8_t*ckp=NULL;
    if(c->proto==6){ put16(h,sp);put16(h+2,dp); uint32_t*sq=rev?&c->seqb:&c->seqa,*ak=rev?&c->seqa:&c->seqb; put32(h+4,*sq); put32(h+8,*ak); h[12]=(l4/4)<<4; h[13]=c->pkts==1?2:pay?0x18:0x10; put16(h+14,65000-(ix&1023)); put16(h+16,0);put16(h+18,0);
      if(l4==32){ h[20]=1;h[21]=1;h[22]=8;h[23]=10; put32(h+24,(uint32_t)(t*1000)); put32(h+28,(uint32_t)(t*1000)); }
      *sq+=pay+(h[13]==2); ckp=h+16; ct++; }
    else if(c->proto==17){ put16(h,sp);put16(h+2,dp);put16(h+4,8+pay);put16(h+6,0); ckp=h+6; cu++; }
    else { h[0]=c->proto==1?(rev?0:8):(rev?129:128); h[1]=0; put16(h+2,0); put16(h+4,c->pa); put16(h+6,(uint16_t)c->pkts); ckp=h+2; ci++; }
    fill(h+l4,pay,(ix&3)==3);
    /* app-shaped payload heads so that dissectors do ordinary work rather than throw malformed errors */
    uint8_t*pl=h+l4;
    if(pay>=12 && c->app==2){ memset(pl,0,12); put16(pl,(uint16_t)c->pkts); put16(pl+2,rev?0x8180:0x0100); put16(pl+4,1); if(pay>=28){ static const uint8_t qn[]={7,'e','x','a','m','p','l','e',3,'c','o','m',0,0,1,0,1}; if(pay>=29) memcpy(pl+12,qn,17); } if(rev&&pay>=29+16){ put16(pl+6,1); static const uint8_t an[]={0xc0,0x0c,0,1,0,1,0,0,1,0x2c,0,4,192,0,2,1}; memcpy(pl+29,an,16);} }
    else if(pay>=5 && c->proto==6 && c->pb==443){ pl[0]=0x17; pl[1]=3; pl[2]=3; put16(pl+3,pay-5); }
    put16(ckp,0); { uint16_t ck=csum_fin(csum_add(ps,h,l4+pay)); if(c->proto==17&&!ck) ck=0xffff; put16(ckp,ck); }
    if(pad) memset(e+fl,0,pad);
    on+=16+cap; bytes+=wire; if(on>ocap) oflush();
  }
  oflush(); close(ofd); mean=(double)bytes/N;
  uint64_t used=0; for(uint32_t i=0;i<C;i++) used+=cv[i].pkts>0;
  printf("{\"file\":\"%s\",\"packets\":%llu,\"wire_bytes\":%llu,\"mean\":%.1f,\"convs_used\":%llu,\"span_s\":%.3f,\"v4\":%llu,\"v6\":%llu,\"tcp\":%llu,\"udp\":%llu,\"icmp\":%llu}\n",out,(unsigned long long)N,(unsigned long long)bytes,mean,(unsigned long long)used,t,(unsigned long long)c4,(unsigned long long)c6,(unsigned long long)ct,(unsigned long long)cu,(unsigned long long)ci);
  return 0;
}
