//! `/local/*`: what only exists on this machine. Mails, dead letters, the clock, the demonstration
//! and the way back to nothing.

use std::sync::Arc;

use axum::body::Body;
use http::{Method, Request, Response, StatusCode, header};
use percent_encoding::percent_decode_str;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::ClockRefused;
use crate::answers::{escape, json_answer, no_content, page, problem, see_other};
use crate::gateway::{other_method, unknown};
use crate::letters;
use crate::world::{LeverError, World};

pub(crate) fn own(path: &str) -> bool {
    path.strip_prefix("/local")
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Move {
    now: Option<jiff::Timestamp>,
    advance_seconds: Option<i64>,
    /// How far the clock moves at once: for years in which nothing is booked (decision 0104).
    stride_seconds: Option<i64>,
}

pub(crate) async fn serve(world: &Arc<World>, request: Request<Body>) -> Response<Body> {
    match lever(world, request).await {
        Ok(response) => response,
        Err(LeverError::Clock(
            refused @ (ClockRefused::Backwards { .. } | ClockRefused::OutOfRange),
        )) => problem(
            StatusCode::BAD_REQUEST,
            "clock_refused",
            &refused.to_string(),
        ),
        Err(error @ LeverError::Restless) => problem(
            StatusCode::SERVICE_UNAVAILABLE,
            "restless",
            &error.to_string(),
        ),
        Err(error) => {
            tracing::error!(%error, "a lever failed");
            problem(
                StatusCode::INTERNAL_SERVER_ERROR,
                "internal_error",
                &error.to_string(),
            )
        }
    }
}

async fn lever(world: &Arc<World>, request: Request<Body>) -> Result<Response<Body>, LeverError> {
    let (parts, body) = request.into_parts();
    let path = parts.uri.path().trim_end_matches('/').to_owned();
    let html = parts
        .headers
        .get(header::ACCEPT)
        .and_then(|accept| accept.to_str().ok())
        .is_some_and(|accept| accept.contains("text/html"));
    let name = path.strip_prefix("/local").unwrap_or_default();
    if let Some(allowed) = allowed(name)
        && !allowed.contains(&parts.method)
    {
        return Ok(other_method());
    }
    match (&parts.method, name) {
        (_, "") => index(world).await,
        (_, "/mail") => {
            let to = parts.uri.query().and_then(recipient);
            let mails = world.mail.list(to.as_deref())?;
            Ok(json_answer(StatusCode::OK, &json!(mails)))
        }
        (_, "/outbox") => Ok(world.mail.list_page()?),
        (_, "/dead-letters") => dead_letters(world, html).await,
        (_, "/dead-letters/retry") => {
            letters::try_again(world).await?;
            Ok(done(html))
        }
        (&Method::POST, "/clock") => {
            let asked = match asked(&parts.headers, body).await {
                Ok(asked) => asked,
                Err(why) => {
                    return Ok(problem(StatusCode::BAD_REQUEST, "invalid_request", &why));
                }
            };
            let now = match asked {
                Asked::Moment(moment) => world.travel(moment).await?,
                Asked::Seconds(seconds) => world.travel_by(seconds).await?,
                Asked::Strides(moment, stride) => world.stride(moment, stride).await?,
            };
            Ok(if html {
                see_other("/local")
            } else {
                json_answer(StatusCode::OK, &json!({"now": now.to_string()}))
            })
        }
        (_, "/clock") => {
            let now = world.clock.now().to_string();
            Ok(json_answer(StatusCode::OK, &json!({"now": now})))
        }
        (_, "/settle") => {
            world.settle().await?;
            Ok(done(html))
        }
        (_, "/scanner/hold") => {
            world.buckets.hold_scans(true, &world.events);
            Ok(done(html))
        }
        (_, "/scanner/release") => {
            world.buckets.hold_scans(false, &world.events);
            Ok(done(html))
        }
        (_, "/reset") => {
            world.reset().await?;
            Ok(done(html))
        }
        (_, "/demo") => demonstrate(world, html, Wanted::People).await,
        (_, "/demo/towns") => demonstrate(world, html, Wanted::Towns).await,
        (_, "/demo/week") => demonstrate(world, html, Wanted::Week).await,
        (_, "/operator") => operator(world, html).await,
        _ => match name.strip_prefix("/outbox/").map(str::parse) {
            Some(Ok(id)) => Ok(world.mail.mail_page(id)?),
            _ => Ok(unknown()),
        },
    }
}

/// The methods of the levers there are.
fn allowed(name: &str) -> Option<&'static [Method]> {
    const READ: &[Method] = &[Method::GET, Method::HEAD];
    const WRITE: &[Method] = &[Method::POST];
    const BOTH: &[Method] = &[Method::GET, Method::HEAD, Method::POST];
    match name {
        "" | "/mail" | "/outbox" | "/dead-letters" | "/operator" => Some(READ),
        "/dead-letters/retry"
        | "/settle"
        | "/reset"
        | "/demo"
        | "/demo/towns"
        | "/demo/week"
        | "/scanner/hold"
        | "/scanner/release" => Some(WRITE),
        "/clock" => Some(BOTH),
        _ if name.starts_with("/outbox/") => Some(READ),
        _ => None,
    }
}

fn done(html: bool) -> Response<Body> {
    if html {
        see_other("/local")
    } else {
        no_content()
    }
}

fn recipient(query: &str) -> Option<String> {
    let value = query.split('&').find_map(|pair| pair.strip_prefix("to="))?;
    Some(percent_decode_str(value).decode_utf8_lossy().into_owned())
}

enum Asked {
    Moment(jiff::Timestamp),
    Seconds(i64),
    Strides(jiff::Timestamp, jiff::SignedDuration),
}

/// JSON, or the form of the index page.
async fn asked(headers: &http::HeaderMap, body: Body) -> Result<Asked, String> {
    let body = axum::body::to_bytes(body, 4096)
        .await
        .map_err(|cause| cause.to_string())?;
    let form = headers.get(header::CONTENT_TYPE).is_some_and(|kind| {
        kind.as_bytes()
            .starts_with(b"application/x-www-form-urlencoded")
    });
    let asked: Move = if form {
        let text = String::from_utf8_lossy(&body);
        let seconds = text
            .strip_prefix("advance_seconds=")
            .and_then(|seconds| seconds.parse().ok());
        Move {
            now: None,
            advance_seconds: seconds,
            stride_seconds: None,
        }
    } else {
        serde_json::from_slice(&body).map_err(|cause| cause.to_string())?
    };
    match asked {
        Move {
            now: Some(moment),
            advance_seconds: None,
            stride_seconds: None,
        } => Ok(Asked::Moment(moment)),
        Move {
            now: Some(moment),
            advance_seconds: None,
            stride_seconds: Some(stride @ 60..),
        } => Ok(Asked::Strides(
            moment,
            jiff::SignedDuration::from_secs(stride),
        )),
        Move {
            now: None,
            advance_seconds: Some(seconds),
            stride_seconds: None,
        } => Ok(Asked::Seconds(seconds)),
        _ => {
            Err("Donnez « now » (une date RFC 3339) ou « advance_seconds » (un entier).".to_owned())
        }
    }
}

/// How much of the demonstration.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wanted {
    People,
    /// The market of six towns around them.
    Towns,
    /// That, and some days of business too, by which the clock is moved.
    Week,
}

async fn demonstrate(
    world: &Arc<World>,
    html: bool,
    wanted: Wanted,
) -> Result<Response<Body>, LeverError> {
    let Some(demo) = &world.demo else {
        return Ok(problem(
            StatusCode::NOT_FOUND,
            "no_demo",
            "Aucun jeu de démonstration n'est fourni.",
        ));
    };
    let Ok(_alone) = world.demonstrating.try_lock() else {
        return Ok(problem(
            StatusCode::CONFLICT,
            "demo_under_way",
            "Le jeu de démonstration est déjà en cours de chargement.",
        ));
    };
    let loaded = demo(world.surroundings.clone()).await;
    world.settle().await?;
    let loaded = match (loaded, wanted) {
        (Ok(_), Wanted::Towns | Wanted::Week) => {
            crate::demo::open_towns(world.surroundings.clone()).await
        }
        (loaded, _) => loaded,
    };
    world.settle().await?;
    let loaded = match (loaded, wanted) {
        (Ok(_), Wanted::Week) => crate::demo::week::live(world).await,
        (loaded, _) => loaded,
    };
    match loaded {
        Ok(loaded) => Ok(if html {
            demo_page(&loaded)
        } else {
            json_answer(StatusCode::OK, &loaded)
        }),
        Err(why) => {
            tracing::error!(why, "the demonstration could not be loaded");
            Ok(problem(
                StatusCode::INTERNAL_SERVER_ERROR,
                "demo_failed",
                &why,
            ))
        }
    }
}

/// What signs the operator in at this moment of the machine's clock.
async fn operator(world: &Arc<World>, html: bool) -> Result<Response<Body>, LeverError> {
    let Some(beginning) = &world.beginning else {
        return Ok(unknown());
    };
    match beginning(world.surroundings.clone()).await {
        Ok(operator) if html => {
            let text = |name: &str| {
                escape(
                    operator[name]
                        .as_str()
                        .unwrap_or("à la demi-minute suivante"),
                )
            };
            let body = format!(
                "<p>Adresse : <code>{}</code><br>Mot de passe : <code>{}</code><br>Code : <code>{}</code></p>\n<p><a href=\"/admin\">Ouvrir le tableau de bord</a></p>",
                text("email"),
                text("password"),
                text("code"),
            );
            Ok(page(StatusCode::OK, "L’exploitant", &body))
        }
        Ok(operator) => Ok(json_answer(StatusCode::OK, &operator)),
        Err(why) => Ok(problem(
            StatusCode::INTERNAL_SERVER_ERROR,
            "operator_failed",
            &why,
        )),
    }
}

fn demo_page(loaded: &Value) -> Response<Body> {
    let loaded = serde_json::to_string_pretty(loaded).unwrap_or_default();
    let body = format!(
        "<p>Le jeu de démonstration est chargé. <a href=\"/\">Ouvrir le site</a></p>\n<pre>{}</pre>",
        escape(&loaded)
    );
    page(StatusCode::OK, "Démonstration", &body)
}

async fn dead_letters(world: &World, html: bool) -> Result<Response<Body>, LeverError> {
    let letters = letters::all(world).await?;
    if !html {
        return Ok(json_answer(StatusCode::OK, &json!(letters)));
    }
    if letters.is_empty() {
        return Ok(page(
            StatusCode::OK,
            "Livraisons abandonnées",
            "<p>Tout ce qui devait être livré l'a été.</p>",
        ));
    }
    let rows: String = letters
        .iter()
        .map(|letter| {
            let payload = serde_json::to_string_pretty(&letter.payload).unwrap_or_default();
            format!(
                "<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}<details><summary>Contenu</summary>\
                 <pre>{}</pre></details></td></tr>\n",
                escape(&letter.parked_at),
                escape(&letter.function),
                escape(&letter.what),
                letter.tries,
                escape(letter.next_try.as_deref().unwrap_or("—")),
                escape(&letter.error),
                escape(&payload),
            )
        })
        .collect();
    let body = format!(
        "<form method=\"post\" action=\"/local/dead-letters/retry\"><button>Tout réessayer</button></form>
<table><thead><tr><th>Abandonnée le</th><th>Fonction</th><th>Quoi</th><th>Essais</th><th>Prochain essai</th><th>Erreur</th></tr></thead>
<tbody>\n{rows}</tbody></table>"
    );
    Ok(page(StatusCode::OK, "Livraisons abandonnées", &body))
}

async fn index(world: &World) -> Result<Response<Body>, LeverError> {
    let dead = letters::all(world).await?.len();
    let advance = |label: &str, seconds: u32| {
        format!(
            "<form method=\"post\" action=\"/local/clock\">\
             <input type=\"hidden\" name=\"advance_seconds\" value=\"{seconds}\">\
             <button>{label}</button></form>\n"
        )
    };
    let demo = if world.demo.is_some() {
        "<h2>Démonstration</h2>
<form method=\"post\" action=\"/local/demo\"><button>Charger le jeu de démonstration</button></form>
<form method=\"post\" action=\"/local/demo/towns\"><button>Y ajouter six villes : vingt et un professionnels, toutes les activités</button></form>
<form method=\"post\" action=\"/local/demo/week\"><button>Y vivre quelques jours : réservations, missions, avis (l’horloge avance)</button></form>\n"
    } else {
        ""
    };
    let body = format!(
        "<ul>
<li><a href=\"/\">Le site</a></li>
<li><a href=\"/local/outbox\">Boîte d'envoi</a> : les courriels, qui ne quittent pas cette machine</li>
<li><a href=\"/local/stripe\">Stripe</a> : paiements, virements et leviers de la doublure</li>
<li><a href=\"/local/operator\">L’exploitant</a> : ce qui le connecte au <a href=\"/admin\">tableau de bord</a>, code compris</li>
<li><a href=\"/local/dead-letters\">Livraisons abandonnées</a> : {dead}</li>
</ul>
{demo}<h2>Horloge</h2>
<p>Il est <time>{now}</time> pour la plateforme. Avancer déclenche tout ce qui arrive à échéance ; l'horloge ne recule pas.</p>
{minute}{hour}{day}{two_days}{week}
<h2>Remise à zéro</h2>
<form method=\"post\" action=\"/local/reset\"><button>Tout effacer</button></form>",
        now = escape(&world.clock.now().to_string()),
        minute = advance("+ 1 minute", 60),
        hour = advance("+ 1 heure", 3_600),
        day = advance("+ 1 jour", 86_400),
        two_days = advance("+ 48 heures", 172_800),
        week = advance("+ 7 jours", 604_800),
    );
    Ok(page(StatusCode::OK, "Plateforme locale", &body))
}
