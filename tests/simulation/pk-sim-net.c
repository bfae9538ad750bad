/* The network between the devices and the server: what is asked comes late, twice, cut, or not at all. */
#include "config.h"

#include "pk-sim-client.h"

#include <string.h>

#define HOTEL "<html><body>Welcome! Please accept our terms.</body></html>\n"

/* A request that arrives at the server, or an answer that arrives at the client. */
typedef struct
{
  PkSimRequest *request; /* (owned) */
  PkSimAnswer *answer;   /* (owned) (nullable): NULL: the connection broke */
  gboolean is_unheard;   /* the answer gets lost */
} Parcel;

static void
free_parcel (gpointer data)
{
  Parcel *self = data;

  pk_sim_request_unref (self->request);
  g_clear_pointer (&self->answer, pk_sim_answer_free);
  g_free (self);
}

static Parcel *
parcel_new (PkSimRequest *request, PkSimAnswer *answer)
{
  Parcel *self = g_new0 (Parcel, 1);

  self->request = pk_sim_request_ref (request);
  self->answer = answer;
  return self;
}

static gint64
draw_delay (PkSimWorld *world)
{
  gint64 delay_us = (5 + pk_sim_chance_below (&world->chance, 100)) * 1000;

  if (pk_sim_world_strikes (world, PK_SIM_FAULT_DELAY))
    delay_us += pk_sim_chance_below (&world->chance, 150) * PK_SIM_SECOND;
  return delay_us;
}

static void
arrive_home (PkSimWorld *world, gpointer data)
{
  Parcel *parcel = data;
  PkSimClient *client = world->clients[parcel->request->client];

  if (client->life != parcel->request->life)
    return;
  pk_sim_client_set_clock (client);
  pk_sim_client_take_answer (client, parcel->request, parcel->answer);
  pk_sim_client_survive (client);
}

static void
send_home (PkSimWorld *world, PkSimRequest *request, PkSimAnswer *answer)
{
  pk_sim_world_at (world,
                   draw_delay (world),
                   arrive_home,
                   parcel_new (request, answer),
                   free_parcel);
}

static void
cut (PkSimWorld *world, PkSimAnswer *answer)
{
  if (answer->body->len == 0 || !pk_sim_world_strikes (world, PK_SIM_FAULT_CUT))
    return;
  g_string_truncate (answer->body, pk_sim_chance_below (&world->chance, (guint) answer->body->len));
  answer->is_cut = TRUE;
}

static void
arrive_there (PkSimWorld *world, gpointer data)
{
  Parcel *parcel = data;
  PkSimRequest *request = parcel->request;
  PkSimAnswer *answer = pk_sim_server_answer (world->server, request);

  if (parcel->is_unheard)
    {
      g_clear_pointer (&answer, pk_sim_answer_free);
      return;
    }
  if (pk_sim_world_strikes (world, PK_SIM_FAULT_LOST_ANSWER))
    g_clear_pointer (&answer, pk_sim_answer_free);
  if (answer != NULL)
    cut (world, answer);
  send_home (world, request, answer);
}

static PkSimAnswer *
make_strange_answer (PkSimWorld *world)
{
  PkSimAnswer *answer = NULL;

  if (pk_sim_world_strikes (world, PK_SIM_FAULT_PORTAL))
    {
      answer = pk_sim_answer_new (200);
      answer->is_ours = FALSE;
      g_string_assign (answer->body, HOTEL);
    }
  else if (pk_sim_world_strikes (world, PK_SIM_FAULT_BUSY))
    answer = pk_sim_answer_new (503);
  return answer;
}

/**
 * pk_sim_net_send:
 * @request: (transfer full)
 *
 * Sends a request on its way.
 */
void
pk_sim_net_send (PkSimClient *client, PkSimRequest *request)
{
  g_autoptr (PkSimRequest) sent = request;
  PkSimWorld *world = client->world;

  sent->client = client->number;
  sent->life = client->life;
  PkSimAnswer *strange = make_strange_answer (world);
  gboolean is_lost = pk_sim_world_strikes (world, PK_SIM_FAULT_LOST_REQUEST);
  gboolean is_repeated = pk_sim_world_strikes (world, PK_SIM_FAULT_REPEAT);
  if (client->cut_off_until_us > world->now_us || strange != NULL)
    {
      send_home (world, sent, strange);
      return;
    }
  if (sent->kind == PK_SIM_REQUEST_PIECE && pk_sim_world_strikes (world, PK_SIM_FAULT_CUT))
    {
      /* As much of it as came before the connection broke. */
      g_string_truncate (sent->body, pk_sim_chance_below (&world->chance, (guint) sent->body->len));
      is_lost = is_repeated = TRUE;
    }
  if (is_repeated)
    {
      Parcel *again = parcel_new (sent, NULL);
      again->is_unheard = TRUE;
      pk_sim_world_at (world, draw_delay (world), arrive_there, again, free_parcel);
    }
  /* What is lost in silence is given up by the machine; half of it is told at once. */
  if (!is_lost)
    pk_sim_world_at (world, draw_delay (world), arrive_there, parcel_new (sent, NULL), free_parcel);
  else if (pk_sim_chance_toss (&world->chance, 0.5))
    send_home (world, sent, NULL);
}
